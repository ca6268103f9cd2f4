package dev.rackhouse.access.signin;

import dev.rackhouse.access.Role;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From the names of groups to a role. Pure. */
public final class RoleMapping {

    private final Map<Role, Set<String>> groupsByRole;

    public RoleMapping(Map<Role, Set<String>> groupsByRole) {
        this.groupsByRole = Map.copyOf(groupsByRole);
    }

    /** The highest role that one of the groups gives; nothing when none does: then there is no access. */
    public Optional<Role> role(Collection<String> groups) {
        return groupsByRole.keySet().stream()
                .filter(role -> !giving(role, groups).isEmpty())
                .max(Comparator.naturalOrder());
    }

    /** Which of the groups give exactly this role. */
    public List<String> giving(Role role, Collection<String> groups) {
        return groups.stream().filter(asked(role)::contains).sorted().toList();
    }

    /** The groups that give this role, as set. */
    public Set<String> asked(Role role) {
        return groupsByRole.getOrDefault(role, Set.of());
    }

    /**
     * The names in a claim: a list of texts (authentik, Keycloak with a group mapper), or one text with commas or spaces in between.
     * Keycloak's leading slash is dropped.
     */
    public static List<String> names(@Nullable Object claim) {
        Stream<?> parts = switch (claim) {
            case Collection<?> several -> several.stream();
            case String one -> Stream.of(one.split("[,\\s]+"));
            case null, default -> Stream.of();
        };
        return parts.filter(String.class::isInstance)
                .map(part -> ((String) part).strip())
                .map(name -> name.startsWith("/") ? name.substring(1) : name)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }
}
