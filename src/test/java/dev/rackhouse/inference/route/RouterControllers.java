package dev.rackhouse.inference.route;

import java.util.List;
import java.util.Optional;

/** All kinds, for tests outside of a context. */
public final class RouterControllers {

    private RouterControllers() {}

    public static List<RouteController> all() {
        return List.of(new RackhouseRoutes(), new LlamaSwapProfiles(), new LiteLlmModels(), new TraefikFile());
    }

    /** Nobody has stored a key. */
    public static KeyedRouters keyless() {
        return new KeyedRouters(_ -> Optional.empty());
    }
}
