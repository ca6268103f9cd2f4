package dev.rackhouse.inference.live;

import dev.rackhouse.inference.DeploymentId;

/** Remembers how long starts took. */
interface StartMemory extends PastStarts {

    /** Notes a finished start, once; returns what is usual from now on. */
    StartTimes learn(DeploymentId deployment, StartTimes.Start start);
}
