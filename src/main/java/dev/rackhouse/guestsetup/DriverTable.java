package dev.rackhouse.guestsetup;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which kernel modules of branch 580 drive a card, by its PCI device id. Source: NVIDIA's README of 580 (supported products; open
 * modules need the GSP, so Turing or newer; Blackwell has no closed ones) and its ranges of device ids by generation.
 */
final class DriverTable {

    /** Long-lived branch in Ubuntu 24.04 with prebuilt signed modules; the last that drives Maxwell, Pascal and Volta. */
    static final String BRANCH = "580";

    enum Modules {
        /** Too old for this branch. */
        NONE,
        CLOSED_ONLY,
        EITHER,
        OPEN_ONLY
    }

    /** Power limits of a board in W, as its maker ships it. */
    record Limits(int least, int shipped, int most) {}

    /** Founders or reference boards; others of the same chip may differ, so the driver's own numbers go before. */
    private static final Map<String, Limits> LIMITS = Map.of(
            "2204", new Limits(100, 350, 400),
            "2203", new Limits(100, 450, 480),
            "1e81", new Limits(125, 250, 292),
            "1eb0", new Limits(125, 230, 230));

    private DriverTable() {}

    /** @param ids {@code 10de:2204} */
    static Modules modules(String ids) {
        if (!ids.matches("10de:[0-9a-f]{4}")) {
            return Modules.NONE;
        }
        int device = Integer.parseInt(ids.substring(5), 16);
        if (device < 0x1340) {
            return Modules.NONE; // Kepler and older
        }
        if (device < 0x1e00) {
            return Modules.CLOSED_ONLY; // Maxwell, Pascal, Volta
        }
        return device < 0x2900 ? Modules.EITHER : Modules.OPEN_ONLY; // Turing to Ada and Hopper; Blackwell
    }

    static @Nullable Limits limits(String ids) {
        return LIMITS.get(ids.substring(Math.max(0, ids.length() - 4)));
    }
}
