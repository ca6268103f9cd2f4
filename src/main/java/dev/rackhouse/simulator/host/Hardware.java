package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.ProbeDump.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What somebody changed on a machine while it was off: cards in other slots or gone, another firmware, its switches.
 *
 * @param moves old slot to new slot, {@code 0000:0e:00 -> 0000:0f:00}
 * @param missing slots or functions that are gone
 * @param bios version, null for that of the dump
 * @param iommu whether the firmware offers its IOMMU (VT-d, AMD-Vi)
 */
record Hardware(
        Map<String, String> moves,
        Set<String> missing,
        @Nullable String bios,
        @Nullable String biosDate,
        boolean iommu) {

    static final Hardware AS_DUMPED = new Hardware(Map.of(), Set.of(), null, null, true);

    private static final Pattern SLOT = Pattern.compile("\\b([0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2})(\\.[0-7])?\\b");
    private static final Pattern PREDICTABLE = Pattern.compile("(en|wl)p(\\d+)s(\\d+)(.*)");

    Hardware {
        moves = Collections.unmodifiableMap(new TreeMap<>(moves));
        missing = Collections.unmodifiableSet(new TreeSet<>(missing));
        for (String slot : moves.keySet()) {
            checkSlot(slot);
        }
        moves.values().forEach(Hardware::checkSlot);
    }

    private static void checkSlot(String slot) {
        if (!slot.matches("[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}")) {
            throw new IllegalArgumentException("Not a slot like 0000:0e:00: " + slot);
        }
    }

    /** The machine's dump with these changes; interfaces are called after their new bus, as systemd calls them. */
    ProbeDump applied(ProbeDump dump) {
        if (equals(AS_DUMPED)) {
            return dump;
        }
        Set<String> lost = lostNames(dump);
        Map<String, String> names = renamed(dump);
        return dump.with(row -> change(row, lost, names));
    }

    private Set<String> lostNames(ProbeDump dump) {
        Set<String> lost = new LinkedHashSet<>();
        for (String kind : List.of("block", "net", "usb")) {
            dump.paths(kind).forEach((name, row) -> {
                if (gone(row.field(2))) {
                    lost.add(name);
                }
            });
        }
        return lost;
    }

    private Map<String, String> renamed(ProbeDump dump) {
        Map<String, String> names = new LinkedHashMap<>();
        dump.paths("net").forEach((name, row) -> {
            Matcher predictable = PREDICTABLE.matcher(name);
            String slot = lastSlot(row.field(2));
            String target = moves.get(slot);
            if (target != null && predictable.matches()) {
                names.put(
                        name,
                        predictable.group(1) + "p" + Integer.parseInt(target.substring(5, 7), 16) + "s"
                                + Integer.parseInt(target.substring(8, 10), 16) + predictable.group(4));
            }
        });
        return names;
    }

    private static String lastSlot(String path) {
        String last = "";
        for (Matcher slot = SLOT.matcher(path); slot.find(); ) {
            last = slot.group(1);
        }
        return last;
    }

    private boolean gone(String text) {
        for (Matcher slot = SLOT.matcher(text); slot.find(); ) {
            if (missing.contains(slot.group(1)) || missing.contains(slot.group())) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Row change(Row row, Set<String> lost, Map<String, String> names) {
        String first = row.field(0);
        return switch (row.tag()) {
            case "K" ->
                switch (first) {
                    case "bios" -> bios == null ? row : new Row("K", List.of(first, bios));
                    case "bios_date" -> biosDate == null ? row : new Row("K", List.of(first, biosDate));
                    default -> row;
                };
            case "P", "DRV", "FBMEM" -> gone(first) ? null : moved(row, names);
            case "PATH" -> gone(row.field(2)) ? null : moved(row, names);
            case "SLAVE", "LOWER" ->
                lost.contains(row.field(0)) || lost.contains(row.field(1)) ? null : moved(row, names);
            case "G" -> moved(withoutMissing(row, 0), names);
            case "BOARD" -> first.equals("G") ? moved(withoutMissing(row, 1), names) : row;
            case "L" -> first.equals("ip_addr") ? moved(row, names) : row;
            default -> row;
        };
    }

    private Row withoutMissing(Row row, int from) {
        List<String> fields = new ArrayList<>(row.fields());
        for (int i = from; i < fields.size(); i++) {
            if (fields.get(i).startsWith("devices=")) {
                List<String> kept = new ArrayList<>();
                for (String address : fields.get(i).substring(8).split(",")) {
                    if (!gone(address)) {
                        kept.add(address);
                    }
                }
                fields.set(i, "devices=" + String.join(",", kept));
            }
        }
        return new Row(row.tag(), fields);
    }

    private Row moved(Row row, Map<String, String> names) {
        return new Row(
                row.tag(),
                row.fields().stream()
                        .map(field -> SLOT.matcher(field)
                                .replaceAll(found -> moves.getOrDefault(found.group(1), found.group(1))
                                        + (found.group(2) == null ? "" : found.group(2))))
                        .map(field -> NetworkFiles.renamed(field, names))
                        .toList());
    }
}
