package dev.rackhouse.base;

/** One guest of a lab. The node it runs on is not part of its identity: guests move. */
public record GuestRef(LabId lab, VmId vmid) {

    @Override
    public String toString() {
        return lab + "/" + vmid;
    }
}
