package dev.rackhouse.inference.route;

import java.util.List;

/** All kinds, for tests outside of a context. */
public final class RouterControllers {

    private RouterControllers() {}

    public static List<RouteController> all() {
        return List.of(new RackhouseRoutes(), new LlamaSwapProfiles(), new LiteLlmModels(), new TraefikFile());
    }
}
