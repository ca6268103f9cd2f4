package dev.rackhouse.runbook;

/** Addresses of the run pages, without leading slash; used by the views and by every link to them. */
public final class RunRoutes {

    public static final String RUNS = "runs";
    public static final String RUN = "runs/:run";

    private RunRoutes() {}

    public static String run(RunId run) {
        return RUNS + "/" + run;
    }
}
