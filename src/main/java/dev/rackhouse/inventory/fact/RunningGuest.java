package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.VmId;

/** A VM that runs on this host, with the process that is it. */
public record RunningGuest(VmId vmid, long pid) {

    /** The record as the probe printed it. */
    public String line() {
        return "RUN " + vmid + " " + pid;
    }
}
