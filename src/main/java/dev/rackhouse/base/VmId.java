package dev.rackhouse.base;

/** The number of a guest, VM or container, unique in its cluster: 100 to 999999999. */
public record VmId(int value) implements Comparable<VmId> {

    public VmId {
        if (value < 100 || value > 999_999_999) {
            throw new IllegalArgumentException(value + " is no vmid: 100 to 999999999");
        }
    }

    @Override
    public int compareTo(VmId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
