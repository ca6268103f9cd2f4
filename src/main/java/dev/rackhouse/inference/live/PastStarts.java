package dev.rackhouse.inference.live;

import dev.rackhouse.inference.DeploymentId;

/** How long engines took to start. Safe for many threads. */
public interface PastStarts {

    /** Empty for a deployment that was never seen starting. */
    StartTimes of(DeploymentId deployment);
}
