package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.route.ClientRoute;
import dev.rackhouse.inference.route.RouterAt;
import dev.rackhouse.inference.route.RoutesNow;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What one router is told about a deployment.
 *
 * @param lock of the machine on which it is told
 * @param now as it was seen
 * @param drain names that lead to the engine that gives way
 * @param active who answers afterwards
 */
public record Routing(RouterAt at, String lock, RoutesNow now, Set<String> drain, List<ClientRoute> active) {

    public Routing {
        drain = Collections.unmodifiableSortedSet(new TreeSet<>(drain));
        active = List.copyOf(active);
    }

    /** {@code qwen2.5-7b at thor-router}. */
    String words() {
        return active.stream().map(ClientRoute::name).collect(Collectors.joining(", ")) + " at " + at.name();
    }
}
