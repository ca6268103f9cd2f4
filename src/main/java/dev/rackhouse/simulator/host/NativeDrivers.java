package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.ProbeDump.Row;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which driver of the host's kernel takes a function when nobody interferes. What the dump shows is believed; a function
 * that vfio-pci holds there, or whose driver is kept out by a blacklist, gets the driver of its twin or of its kind.
 */
final class NativeDrivers {
    private static final Map<String, String> NICS = Map.of(
            "8086:15f3", "igc",
            "8086:125c", "igc",
            "8086:1539", "igb",
            "8086:1521", "igb",
            "8086:1563", "ixgbe",
            "8086:1528", "ixgbe",
            "8086:10fb", "ixgbe",
            "8086:2723", "iwlwifi",
            "10ec:8168", "r8169",
            "10ec:8125", "r8169");

    private NativeDrivers() {}

    /** Address to driver; functions without one are left out. */
    static Map<String, String> of(ProbeDump board) {
        Map<String, String> dumped = new LinkedHashMap<>();
        board.rows("DRV").forEach(row -> dumped.put(row.field(0), row.field(1)));
        Map<String, String> byIds = new LinkedHashMap<>();
        for (Row function : board.rows("P")) {
            String driver = dumped.get(function.field(0));
            if (driver != null && !driver.equals("vfio-pci")) {
                byIds.putIfAbsent(ids(function), driver);
            }
        }
        ModprobeConfig config = new ModprobeConfig(modprobeFiles(board));
        Map<String, String> natives = new LinkedHashMap<>();
        for (Row function : board.rows("P")) {
            String driver = dumped.get(function.field(0));
            String kind = byIds.getOrDefault(ids(function), byKind(function));
            if (driver != null && !driver.equals("vfio-pci")) {
                natives.put(function.field(0), driver);
            } else if (!kind.isEmpty() && (driver != null || config.blacklisted(Modules.ofDriver(kind)))) {
                natives.put(function.field(0), kind);
            }
        }
        return natives;
    }

    /** All functions of a board as the drivers see them. */
    static List<DriverBinding.Candidate> candidates(ProbeDump board, List<Row> groups) {
        Map<String, String> natives = of(board);
        Set<String> grouped = new LinkedHashSet<>();
        for (Row group : groups) {
            grouped.addAll(List.of(group.value("devices").orElse("").split(",")));
        }
        return BootDisk.functions(board).values().stream()
                .map(row -> new DriverBinding.Candidate(
                        row.field(0),
                        ids(row),
                        natives.getOrDefault(row.field(0), ""),
                        row.value("bridge").isPresent(),
                        grouped.contains(row.field(0))))
                .toList();
    }

    /** Name to content of the modprobe.d files in a dump. */
    static Map<String, String> modprobeFiles(ProbeDump dump) {
        Map<String, String> files = new LinkedHashMap<>();
        dump.lines().forEach((name, lines) -> {
            if (name.startsWith("/etc/modprobe.d/")) {
                files.put(name, String.join("\n", lines) + "\n");
            }
        });
        return files;
    }

    static String ids(Row function) {
        return bare(function, "vendor") + ":" + bare(function, "device");
    }

    private static String bare(Row function, String field) {
        return function.value(field).orElse("0x0000").substring(2);
    }

    private static String byKind(Row function) {
        String kind = function.value("class").orElse("0x000000").substring(2, 6);
        String vendor = bare(function, "vendor");
        return switch (kind) {
            case "0300", "0302", "0380" ->
                switch (vendor) {
                    case "10de" -> "nouveau";
                    case "1002" -> "amdgpu";
                    case "8086" -> "i915";
                    default -> "";
                };
            case "0403" -> "snd_hda_intel";
            case "0c03" -> "xhci_hcd";
            case "0c80" -> vendor.equals("10de") ? "nvidia-gpu" : "";
            case "0108" -> "nvme";
            case "0106" -> "ahci";
            case "0107" -> "mpt3sas";
            case "0200", "0280" -> NICS.getOrDefault(ids(function), vendor.equals("8086") ? "e1000e" : "");
            default -> "";
        };
    }
}
