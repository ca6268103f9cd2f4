package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.ProbeDump.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether a kernel finds its root file system: the controllers of its disks must have their own drivers. */
final class RootDisk {
    private RootDisk() {}

    /** @param working addresses of the functions that have their own driver when the root is looked for */
    static boolean found(ProbeDump dump, Set<String> working) {
        for (Row mount : dump.rows("MNT")) {
            if (mount.field(0).equals("/")) {
                return found(dump, mount.field(1), mount.field(2), working);
            }
        }
        return true;
    }

    private static boolean found(ProbeDump dump, String source, String type, Set<String> working) {
        Map<String, Row> blocks = dump.paths("block");
        List<String> members = new ArrayList<>();
        boolean oneIsEnough = false;
        if (type.equals("zfs")) {
            oneIsEnough = poolMembers(dump, source.split("/")[0], members);
        } else {
            String name = source.substring(source.lastIndexOf('/') + 1);
            String device = dump.rows("DM").stream()
                    .filter(row -> row.field(1).equals(name))
                    .map(row -> row.field(0))
                    .findFirst()
                    .orElse(name);
            oneIsEnough = device.startsWith("md");
            dump.rows("SLAVE").stream()
                    .filter(row -> row.field(0).equals(device))
                    .forEach(row -> members.add(row.field(1)));
            if (members.isEmpty()) {
                members.add(device);
            }
        }
        List<Boolean> there = members.stream()
                .map(member -> {
                    Row block = blocks.get(member);
                    return block != null && working.contains(PciFromDump.lastAddress(block.field(2)));
                })
                .toList();
        return oneIsEnough ? there.contains(true) : !there.contains(false);
    }

    /** Whether the pool lives on with one of its members. */
    private static boolean poolMembers(ProbeDump dump, String pool, List<String> members) {
        boolean mine = false;
        boolean mirrored = false;
        for (String line : dump.lines().getOrDefault("zpool", List.of())) {
            String first = line.strip().split("\\s+")[0];
            if (!line.startsWith(" ")) {
                mine = first.equals(pool);
            } else if (mine && first.startsWith("/dev/")) {
                members.add(first.substring(5));
            } else if (mine) {
                mirrored |= first.startsWith("mirror");
            }
        }
        return mirrored;
    }
}
