package dev.rackhouse.access.signin;

import dev.rackhouse.access.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.OidcUserInfo;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;

/** A person who came in through the provider, with the role that the groups gave at that moment. */
public final class ConsoleUser extends DefaultOidcUser {

    private final Role role;
    private final List<String> groups;

    ConsoleUser(Role role, List<String> groups, OidcIdToken token, OidcUserInfo info, String nameClaim) {
        super(authorities(role), token, info, nameClaim);
        this.role = role;
        this.groups = List.copyOf(groups);
    }

    /** An authority for the role and for each that it includes, so that {@code @RolesAllowed} needs to name only the lowest. */
    static List<SimpleGrantedAuthority> authorities(Role role) {
        return Arrays.stream(Role.values())
                .filter(role::includes)
                .map(each -> new SimpleGrantedAuthority("ROLE_" + each.name()))
                .collect(Collectors.toList());
    }

    /** Whoever acts on this thread, if the person came in through the provider and not by the emergency sign-in. */
    public static Optional<ConsoleUser> current() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication != null && authentication.getPrincipal() instanceof ConsoleUser user
                ? Optional.of(user)
                : Optional.empty();
    }

    public Role role() {
        return role;
    }

    /** All groups that the provider named. */
    public List<String> groups() {
        return groups;
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
