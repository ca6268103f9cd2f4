package dev.rackhouse.inventory.fact;

/**
 * A mounted filesystem.
 *
 * @param point where
 * @param source a device, or the dataset of a pool: {@code rpool/ROOT/pve-1}
 * @param type {@code ext4}, {@code zfs}
 */
public record Mount(String point, String source, String type) {

    /** The record as the probe printed it. */
    public String line() {
        return "MNT " + point + " " + source + " " + type;
    }
}
