package dev.rackhouse.rehearsal;

/**
 * Where a runbook is rehearsed.
 *
 * @param lab a packed lab of the simulator, started alone for the rehearsal
 * @param node a machine of it
 */
record Scene(String lab, String node) {

    @Override
    public String toString() {
        return lab + "/" + node;
    }
}
