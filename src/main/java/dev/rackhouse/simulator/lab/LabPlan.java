package dev.rackhouse.simulator.lab;

import dev.rackhouse.simulator.host.ProbeDump;
import dev.rackhouse.simulator.world.LabSeed;
import dev.rackhouse.simulator.world.LabSeed.AccessSeed;
import dev.rackhouse.simulator.world.LabSeed.TokenSeed;
import dev.rackhouse.simulator.world.LabSeed.UserSeed;
import dev.rackhouse.simulator.world.LabSeeds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a lab will consist of.
 *
 * @param name of the lab
 * @param seed of its Proxmox side, null for machines without one
 * @param machines dump of each machine by name, read when it is needed
 * @param portOffset of its first port from the base: Proxmox nodes first
 * @param sshOffset of its first SSH port from the base
 */
public record LabPlan(
        String name, @Nullable LabSeed seed, Map<String, Supplier<ProbeDump>> machines, int portOffset, int sshOffset) {

    private static final Map<String, List<String>> PACKED = new LinkedHashMap<>();

    static {
        PACKED.put("thor", List.of("thor"));
        PACKED.put("targaryen", List.of("caraxes", "meraxes"));
        PACKED.put("home", List.of("hydrogen", "helium", "lithium"));
        PACKED.put("bare", List.of("pve"));
        PACKED.put("prepared", List.of("pve"));
        PACKED.put("shared-group", List.of("pve"));
    }

    /** The same lab, where this token has this secret. */
    public LabPlan withTokenSecret(String token, String secret) {
        LabSeed known = seed;
        if (known == null) {
            return this;
        }
        String user = token.substring(0, token.indexOf('!'));
        String id = token.substring(token.indexOf('!') + 1);
        List<UserSeed> users = known.access().users().stream()
                .map(one -> one.userid().equals(user) ? withSecret(one, id, secret) : one)
                .toList();
        AccessSeed access = new AccessSeed(
                users,
                known.access().roles(),
                known.access().acl(),
                known.access().groups());
        LabSeed changed = new LabSeed(
                known.name(),
                known.cluster(),
                known.now(),
                known.nodes(),
                known.storages(),
                known.guests(),
                known.mappings(),
                access,
                known.pools(),
                known.backupJobs(),
                known.options());
        return new LabPlan(name, changed, machines, portOffset, sshOffset);
    }

    private static UserSeed withSecret(UserSeed user, String id, String secret) {
        List<TokenSeed> tokens = user.tokens().stream()
                .map(token -> token.id().equals(id)
                        ? new TokenSeed(id, secret, token.privsep(), token.expire(), token.comment())
                        : token)
                .toList();
        return new UserSeed(
                user.userid(), user.password(), user.enable(), user.expire(), user.comment(), user.email(), tokens);
    }

    /** Names of the packed labs. */
    public static List<String> names() {
        return List.copyOf(PACKED.keySet());
    }

    /**
     * A packed lab. Each has ten ports of its own, so that its addresses do not depend on what else is started.
     *
     * @return empty when there is none of this name
     */
    public static Optional<LabPlan> packed(String name) {
        List<String> names = PACKED.get(name);
        if (names == null) {
            return Optional.empty();
        }
        Map<String, Supplier<ProbeDump>> machines = new LinkedHashMap<>();
        names.forEach(machine -> machines.put(machine, () -> ProbeDump.packed(name, machine)));
        int offset = 10 * (1 + names().indexOf(name));
        boolean proxmox = !name.equals("home");
        return Optional.of(new LabPlan(name, proxmox ? LabSeeds.packed(name) : null, machines, offset, offset + 5));
    }
}
