package dev.rackhouse.inventory;

import dev.rackhouse.inventory.PciDeviceView.Kind;
import dev.rackhouse.inventory.fact.PciFunction;
import java.util.List;

/** What a PCI class is, roughly. Codes of the PCI Code and ID Assignment Specification. */
final class PciKinds {

    private PciKinds() {}

    /** Display chips of management controllers and of virtual machines: they draw a console and compute nothing. */
    private static final List<String> CONSOLES = List.of("1a03:", "102b:", "1013:", "1234:", "1b36:");

    /**
     * @param classCode six hex digits
     * @param ids {@code 10de:1e81}
     */
    static Kind of(String classCode, boolean bridge, String ids) {
        Kind kind = of(classCode, bridge);
        return kind == Kind.GPU && CONSOLES.stream().anyMatch(ids::startsWith) ? Kind.DEVICE : kind;
    }

    private static Kind of(String classCode, boolean bridge) {
        if (bridge || classCode.startsWith("06")) {
            return Kind.BRIDGE;
        }
        if (classCode.startsWith("03") || classCode.startsWith("12")) {
            return Kind.GPU;
        }
        if (classCode.startsWith("01")) {
            return Kind.DISK;
        }
        if (classCode.startsWith("02") || classCode.startsWith("0d")) {
            return Kind.NET;
        }
        if (classCode.startsWith("0c03")) {
            return Kind.USB;
        }
        if (classCode.startsWith("0403") || classCode.startsWith("0401")) {
            return Kind.AUDIO;
        }
        return Kind.DEVICE;
    }

    static String word(Kind kind) {
        return switch (kind) {
            case GPU -> "GPU";
            case DISK -> "storage controller";
            case NET -> "network card";
            case USB -> "USB controller";
            case AUDIO -> "audio device";
            case BRIDGE -> "bridge";
            case DEVICE -> "device";
        };
    }

    /** Whether it makes sense to offer it; the rule of {@link PciFunction#passable()} by ids alone. */
    static boolean passable(String classCode, boolean bridge, String ids) {
        return !bridge
                && classCode.matches("[0-9a-fA-F]{6}")
                && !PciFunction.platform(
                        ids.matches("[0-9a-fA-F]{4}:.*") ? Integer.parseInt(ids.substring(0, 4), 16) : 0,
                        Integer.parseInt(classCode, 16));
    }
}
