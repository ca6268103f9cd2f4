package dev.rackhouse.runbook;

/** Hands runs to whichever executor is free, on this console or another. */
interface RunQueue {

    /** Puts the run in the queue; joins the caller's transaction. Nothing when it is there already. */
    void add(RunId run);

    /** After the commit: the run is looked at as soon as possible. Does not block. */
    void wake(RunId run);
}
