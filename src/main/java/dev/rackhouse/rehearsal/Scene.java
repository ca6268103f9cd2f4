package dev.rackhouse.rehearsal;

import java.util.List;

/**
 * Where a runbook is rehearsed.
 *
 * @param lab a packed lab of the simulator, started alone for the rehearsal
 * @param node a machine of it
 */
record Scene(String lab, String node) {

    /** Every machine with Proxmox in the packed labs. */
    static List<Scene> allProxmox() {
        return List.of(
                new Scene("bare", "pve"),
                new Scene("prepared", "pve"),
                new Scene("shared-group", "pve"),
                new Scene("thor", "thor"),
                new Scene("targaryen", "caraxes"),
                new Scene("targaryen", "meraxes"));
    }

    @Override
    public String toString() {
        return lab + "/" + node;
    }
}
