package dev.rackhouse.access.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.access.Role;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoleMappingTest {

    private final RoleMapping mapping = new RoleMapping(Map.of(
            Role.VIEWER, Set.of("family"),
            Role.OPERATOR, Set.of("lab-ops", "friends"),
            Role.ADMIN, Set.of("authentik Admins")));

    @Test
    void theHighestRoleWins() {
        assertThat(mapping.role(List.of("family", "authentik Admins"))).contains(Role.ADMIN);
        assertThat(mapping.role(List.of("family", "friends"))).contains(Role.OPERATOR);
    }

    @Test
    void noGroupMeansNoAccessAndNamesAreTakenLetterForLetter() {
        assertThat(mapping.role(List.of())).isEmpty();
        assertThat(mapping.role(List.of("Family", "familyx", ""))).isEmpty();
    }

    @Test
    void saysWhichGroupsGiveARole() {
        assertThat(mapping.giving(Role.OPERATOR, List.of("x", "lab-ops", "friends")))
                .containsExactly("friends", "lab-ops");
    }

    @Test
    void readsTheClaimAsProvidersSendIt() {
        assertThat(RoleMapping.names(List.of("authentik Admins", "homelab-admins")))
                .containsExactly("authentik Admins", "homelab-admins");
        assertThat(RoleMapping.names(List.of("/lab/admins"))).containsExactly("lab/admins");
        assertThat(RoleMapping.names("a, b c")).containsExactly("a", "b", "c");
        assertThat(RoleMapping.names(null)).isEmpty();
        assertThat(RoleMapping.names(Map.of("a", 1))).isEmpty();
        assertThat(RoleMapping.names(List.of(1, " ", "a", "a"))).containsExactly("a");
    }
}
