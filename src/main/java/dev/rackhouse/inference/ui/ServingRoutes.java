package dev.rackhouse.inference.ui;

import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.ModelId;

/** The addresses of the pages about model serving, without leading slash. */
public final class ServingRoutes {

    static final String MODELS = "models";
    static final String MODEL = "models/:model";
    static final String DEPLOYMENTS = "models/deployments";
    static final String DEPLOYMENT = "models/deployments/:deployment";
    static final String MODES = "models/modes";
    static final String SWAP = "models/modes/:mode";

    private ServingRoutes() {}

    public static String models() {
        return MODELS;
    }

    public static String model(ModelId id) {
        return MODELS + "/" + id;
    }

    public static String deployments() {
        return DEPLOYMENTS;
    }

    public static String deployment(DeploymentId id) {
        return DEPLOYMENTS + "/" + id;
    }

    public static String modes() {
        return MODES;
    }

    /** The page on which a place is switched to this mode. */
    public static String swap(String mode) {
        return MODES + "/" + mode;
    }
}
