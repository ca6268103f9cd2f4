package dev.rackhouse.inference;

import org.jspecify.annotations.Nullable;

/**
 * Who answers when a client asks for a name.
 *
 * @param name the model's name in requests
 * @param fallback answers while {@code main} cannot; null: nobody does
 */
public record Route(
        String name, DeploymentId main, @Nullable DeploymentId fallback, boolean declared) {

    public Route {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._:/-]{0,100}")) {
            throw new IllegalArgumentException("'" + name + "' is no name that clients could ask for");
        }
        if (main.equals(fallback)) {
            throw new IllegalArgumentException("a deployment cannot stand in for itself");
        }
    }
}
