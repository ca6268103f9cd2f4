package dev.rackhouse.simulator.openid;

import java.util.List;
import java.util.Map;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** The three people of the demo. The password of each is the name; the sign-in page says so. */
final class SampleUsers {
    private static final Map<String, List<String>> GROUPS = Map.of(
            "viewer", List.of("rackhouse-viewers"),
            "operator", List.of("rackhouse-operators"),
            "admin", List.of("rackhouse-admins"));
    private static final Map<String, String> FULL_NAMES =
            Map.of("viewer", "Vera Viewer", "operator", "Otto Operator", "admin", "Ada Admin");

    private SampleUsers() {}

    static UserDetailsService service() {
        return new InMemoryUserDetailsManager(GROUPS.keySet().stream()
                .map(name -> User.withUsername(name)
                        .password("{noop}" + name)
                        .roles("PERSON")
                        .build())
                .toList());
    }

    static List<String> groups(String name) {
        return GROUPS.getOrDefault(name, List.of());
    }

    static String fullName(String name) {
        return FULL_NAMES.getOrDefault(name, name);
    }
}
