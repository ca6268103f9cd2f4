package dev.rackhouse.inference;

import java.util.List;

/**
 * Deployments that run together in one place. Two modes that claim the same GPU exclude each other.
 *
 * @param id short: {@code fast-pair}
 * @param desired it shall run now, also after a restart of anything
 */
public record Mode(
        String id, String title, PlaceRef place, List<DeploymentId> deployments, boolean desired, boolean declared) {

    public Mode {
        deployments = List.copyOf(deployments);
        if (!id.matches("[a-z0-9][a-z0-9-]{0,40}")) {
            throw new IllegalArgumentException("'" + id + "' is no name of a mode, such as fast-pair");
        }
        if (title.isBlank() || title.length() > 100) {
            throw new IllegalArgumentException("a mode has a title of at most 100 characters");
        }
        if (deployments.isEmpty() || deployments.stream().distinct().count() != deployments.size()) {
            throw new IllegalArgumentException("a mode has deployments, each once");
        }
    }

    Mode desired(boolean now) {
        return new Mode(id, title, place, deployments, now, declared);
    }
}
