package dev.rackhouse.inference.ui;

import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.ModelId;

/** The addresses of the pages about model serving, without leading slash. */
public final class ServingRoutes {

    static final String MODELS = "models";
    static final String MODEL = "models/:model";
    static final String DEPLOYMENTS = "models/deployments";
    static final String DEPLOYMENT = "models/deployments/:deployment";
    static final String NEW_DEPLOYMENT = "models/deployments/new";
    static final String EDIT_DEPLOYMENT = "models/deployments/:deployment/edit";
    static final String DEPLOYMENT_HISTORY = "models/deployments/:deployment/history";
    static final String FOUND = "models/deployments/found";
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

    /** The form of one deployment. */
    public static String edit(DeploymentId id) {
        return deployment(id) + "/edit";
    }

    public static String history(DeploymentId id) {
        return deployment(id) + "/history";
    }

    public static String modes() {
        return MODES;
    }

    /** The page on which a place is switched to this mode. */
    public static String swap(String mode) {
        return MODES + "/" + mode;
    }
}
