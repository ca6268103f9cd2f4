package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.ProbeDump.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Virtual functions of network cards (SR-IOV): what {@code sriov_numvfs} makes of a card, as records of a dump. Intel's
 * cards number them from 128 on in steps of two, so the two ports of a card share a row of slots (X540 and X550
 * datasheets, SR-IOV capability). Pure.
 */
final class VirtualFunctions {
    private static final int OFFSET = 128;
    private static final int STRIDE = 2;

    /** Device of the card to device and driver of its virtual functions. */
    private static final Map<String, Kind> KINDS = Map.of(
            "8086:10fb", new Kind("0x10ed", "ixgbevf"),
            "8086:1528", new Kind("0x1515", "ixgbevf"),
            "8086:1563", new Kind("0x1565", "ixgbevf"));

    private record Kind(String device, String driver) {}

    private VirtualFunctions() {}

    /** Driver for the virtual functions of a card, empty when it has none. */
    static String driver(Row card) {
        Kind kind = KINDS.get(NativeDrivers.ids(card));
        return kind == null || total(card) == 0 ? "" : kind.driver();
    }

    static int total(Row card) {
        return Integer.parseInt(card.value("sriov_totalvfs").orElse("0"));
    }

    static int count(Row card) {
        return Integer.parseInt(card.value("sriov_numvfs").orElse("0"));
    }

    /** Addresses of so many virtual functions of a card. */
    static List<String> addresses(String card, int count) {
        String[] parts = card.split("[:.]");
        int routing =
                Integer.parseInt(parts[1], 16) << 8 | Integer.parseInt(parts[2], 16) << 3 | Integer.parseInt(parts[3]);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int id = routing + OFFSET + STRIDE * i;
            all.add("%s:%02x:%02x.%d".formatted(parts[0], id >> 8, id >> 3 & 0x1f, id & 7));
        }
        return all;
    }

    /** The machine with so many virtual functions on a card, in place of those that it had; without drivers. */
    static ProbeDump with(ProbeDump dump, Row card, int count) {
        Set<String> old = new LinkedHashSet<>(addresses(card.field(0), count(card)));
        List<Row> rows = new ArrayList<>();
        dump.with(row -> switch (row.tag()) {
                    case "P" -> old.contains(row.field(0)) ? null : row.equals(card) ? counted(card, count) : row;
                    case "DRV" -> old.contains(row.field(0)) ? null : row;
                    case "PATH" -> row.field(0).equals("pci") && old.contains(row.field(1)) ? null : row;
                    case "G" -> old.contains(row.value("devices").orElse("")) ? null : row;
                    default -> row;
                })
                .rows()
                .forEach(rows::add);
        int group = groups(dump) + 1;
        String type = type(dump, card.field(0));
        for (String address : addresses(card.field(0), count)) {
            rows.add(function(card, address, !type.isEmpty()));
            rows.add(new Row("PATH", List.of("pci", address, path(dump, card.field(0), address))));
            if (!type.isEmpty()) {
                rows.add(new Row("G", List.of("" + group++, "type=" + type, "rmrr=0", "devices=" + address)));
            }
        }
        return new ProbeDump(rows);
    }

    private static Row counted(Row card, int count) {
        return new Row(
                "P",
                card.fields().stream()
                        .map(field -> field.startsWith("sriov_numvfs=") ? "sriov_numvfs=" + count : field)
                        .toList());
    }

    private static Row function(Row card, String address, boolean grouped) {
        Kind kind = java.util.Objects.requireNonNull(KINDS.get(NativeDrivers.ids(card)));
        Map<String, String> fields = new LinkedHashMap<>();
        for (String key : List.of(
                "vendor",
                "device",
                "subsystem_vendor",
                "subsystem_device",
                "class",
                "revision",
                "numa_node",
                "local_cpulist")) {
            card.value(key).ifPresent(value -> fields.put(key, value));
        }
        fields.put("device", kind.device());
        fields.put("enable", "0");
        fields.put("power_state", "D0");
        fields.put("d3cold_allowed", "0");
        fields.put("reset_method", "flr");
        fields.put("reset", "1");
        if (!grouped) {
            fields.put("nogroup", "1");
        }
        fields.put("vf", "1");
        fields.put("bar0", "16384");
        fields.put("bar3", "16384");
        List<String> row = new ArrayList<>(List.of(address));
        fields.forEach((key, value) -> row.add(key + "=" + value));
        return new Row("P", row);
    }

    private static String path(ProbeDump dump, String card, String address) {
        Row place = dump.paths("pci").get(card);
        String path = place == null ? "/sys/devices/pci0000:00/" + card : place.field(2);
        return path.substring(0, path.lastIndexOf('/') + 1) + address;
    }

    private static int groups(ProbeDump dump) {
        return dump.rows("G").stream()
                .mapToInt(row -> Integer.parseInt(row.field(0)))
                .max()
                .orElse(-1);
    }

    /** How the card's own group translates; empty when there are no groups. */
    private static String type(ProbeDump dump, String card) {
        return dump.rows("G").stream()
                .filter(row ->
                        List.of(row.value("devices").orElse("").split(",")).contains(card))
                .map(row -> row.value("type").orElse("DMA-FQ"))
                .findFirst()
                .orElse("");
    }
}
