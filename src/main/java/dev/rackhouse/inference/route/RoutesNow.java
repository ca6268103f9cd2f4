package dev.rackhouse.inference.route;

import java.util.List;
import java.util.Optional;

/**
 * What a router does at a moment.
 *
 * @param raw what the kind needs to put it back exactly: the file's bytes, the active profile; empty where routes say it all
 */
public record RoutesNow(List<ClientRoute> routes, String raw) {

    public static final RoutesNow NONE = new RoutesNow(List.of(), "");

    public RoutesNow {
        routes = List.copyOf(routes);
    }

    public Optional<ClientRoute> find(String name) {
        return routes.stream().filter(r -> r.name().equals(name)).findFirst();
    }

    /** The same with other routes of these names; new ones are added. */
    RoutesNow with(List<ClientRoute> changed) {
        java.util.SortedMap<String, ClientRoute> all = new java.util.TreeMap<>();
        routes.forEach(r -> all.put(r.name(), r));
        changed.forEach(r -> all.put(r.name(), r));
        return new RoutesNow(List.copyOf(all.values()), raw);
    }
}
