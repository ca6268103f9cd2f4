package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.PciAddress;
import java.util.List;

/**
 * One reason why the host needs a PCI function, with the chain that shows it.
 *
 * @param chain from the function to the reason: {@code 0000:07:00.0, host9, sdb, pool tank}
 */
public record Protection(Kind kind, PciAddress function, List<String> chain) {

    /** What the host would lose. */
    public enum Kind {
        /** Its system disk. */
        BOOT,
        /** A disk of an imported pool, a volume group, an array, or a mounted filesystem. */
        STORAGE,
        /** The way to it, or the network of its running guests. */
        MANAGEMENT,
        /** Its keyboard, or the signal line of its power supply. */
        CONSOLE_USB,
        /** The only screen on which its firmware and its console show, or the one that its management controller shows far away. */
        CONSOLE;

        /** Whether the host cannot live without it; of the others a person can say that they are not needed. */
        public boolean vital() {
            return this == BOOT || this == STORAGE || this == MANAGEMENT;
        }
    }

    public Protection {
        chain = List.copyOf(chain);
    }

    /** {@code 0000:07:00.0 -> host9 -> sdb -> pool tank} */
    public String text() {
        return String.join(" -> ", chain);
    }
}
