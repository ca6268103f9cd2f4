package dev.rackhouse.guestsetup;

import dev.rackhouse.base.PciAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the look script found in a guest.
 *
 * @param values single facts: {@code os}, {@code kernel}, {@code driver}...
 * @param gpus NVIDIA display functions by the guest's address, to their ids {@code 10de:2204}
 * @param cards what the loaded driver shows, in its order; empty when it does not answer
 * @param packages installed ones that matter here, to their version
 * @param files content by path; a path that is not there has none
 */
public record GuestFacts(
        Map<String, String> values,
        Map<PciAddress, String> gpus,
        List<SeenCard> cards,
        Map<String, String> packages,
        List<String> held,
        List<String> neverUpgraded,
        List<String> containers,
        List<String> cdiDevices,
        List<PowerUnit> powerUnits,
        List<String> toolkitLists,
        List<String> xids,
        Map<String, String> files) {

    /**
     * A card as nvidia-smi shows it; limits in W, null where it says none.
     *
     * @param address normalised: {@code 0000:01:00.0}
     */
    public record SeenCard(
            PciAddress address,
            String uuid,
            String name,
            String driver,
            @Nullable Double limit,
            @Nullable Double shipped,
            @Nullable Double least,
            @Nullable Double most,
            boolean persistent) {}

    /** A unit on the disk that sets power limits. */
    public record PowerUnit(String name, String enabled, List<String> commands) {
        public PowerUnit {
            commands = List.copyOf(commands);
        }

        boolean atBoot() {
            return enabled.equals("enabled");
        }
    }

    /** What reading the output gave. */
    public sealed interface Read {
        record Complete(GuestFacts facts) implements Read {}

        /** @param sentence what is wrong with it */
        record Unreadable(String sentence) implements Read {}
    }

    public GuestFacts {
        values = Map.copyOf(values);
        gpus = java.util.Collections.unmodifiableMap(new TreeMap<>(gpus));
        cards = List.copyOf(cards);
        packages = java.util.Collections.unmodifiableMap(new TreeMap<>(packages));
        held = List.copyOf(held);
        neverUpgraded = List.copyOf(neverUpgraded);
        containers = List.copyOf(containers);
        cdiDevices = List.copyOf(cdiDevices);
        powerUnits = List.copyOf(powerUnits);
        toolkitLists = List.copyOf(toolkitLists);
        xids = List.copyOf(xids);
        files = Map.copyOf(files);
    }

    /** Pure; whatever a guest prints, it gives facts or a sentence. */
    public static Read parse(String output) {
        List<String> lines = output.lines().toList();
        int begin = lines.indexOf("BEGIN\t1");
        int end = -1;
        for (int i = lines.size() - 1; i > begin && end < 0; i--) {
            end = lines.get(i).startsWith("END\t") ? i : -1;
        }
        if (begin < 0 || end < 0) {
            return new Read.Unreadable("what the guest printed is not complete");
        }
        List<String> records = lines.subList(begin + 1, end);
        if (!lines.get(end).equals("END\t" + records.size())) {
            return new Read.Unreadable("what the guest printed was cut off: " + records.size() + " records came");
        }
        return new Read.Complete(of(records));
    }

    private static GuestFacts of(List<String> records) {
        Map<String, String> values = new LinkedHashMap<>();
        Map<PciAddress, String> gpus = new TreeMap<>();
        List<SeenCard> cards = new ArrayList<>();
        Map<String, String> packages = new TreeMap<>();
        Map<String, List<String>> lists = new LinkedHashMap<>();
        Map<String, PowerUnit> units = new LinkedHashMap<>();
        Map<String, String> files = new LinkedHashMap<>();
        for (String line : records) {
            String[] f = line.split("\t", -1);
            switch (f[0]) {
                case "K" -> put(values, f);
                case "GPU" -> address(at(f, 1)).ifPresent(a -> gpus.put(a, at(f, 2)));
                case "SMI" -> card(at(f, 1)).ifPresent(cards::add);
                case "PKG" -> {
                    if (at(f, 3).matches("[a-z]i ?.*")) {
                        packages.put(at(f, 1), at(f, 2));
                    }
                }
                case "POWER" ->
                    units.merge(at(f, 1), new PowerUnit(at(f, 1), at(f, 2), List.of(at(f, 3))), GuestFacts::together);
                case "FILE" -> decoded(at(f, 2)).ifPresent(text -> files.put(at(f, 1), text));
                default -> lists.computeIfAbsent(f[0], key -> new ArrayList<>()).add(at(f, 1));
            }
        }
        return new GuestFacts(
                values,
                gpus,
                cards,
                packages,
                lists.getOrDefault("HOLD", List.of()),
                lists.getOrDefault("BLACK", List.of()),
                lists.getOrDefault("RUNS", List.of()),
                lists.getOrDefault("CDI", List.of()),
                List.copyOf(units.values()),
                lists.getOrDefault("LIST", List.of()),
                lists.getOrDefault("XID", List.of()),
                files);
    }

    private static void put(Map<String, String> values, String[] f) {
        if (!at(f, 1).isEmpty()) {
            values.put(at(f, 1), at(f, 2).strip());
        }
    }

    private static String at(String[] fields, int index) {
        return index < fields.length ? fields[index] : "";
    }

    private static PowerUnit together(PowerUnit a, PowerUnit b) {
        List<String> commands = new ArrayList<>(a.commands());
        commands.addAll(b.commands());
        return new PowerUnit(a.name(), a.enabled(), commands);
    }

    private static Optional<String> decoded(String base64) {
        try {
            return Optional.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notOne) {
            return Optional.empty();
        }
    }

    private static Optional<PciAddress> address(String text) {
        try {
            return Optional.of(PciAddress.parse(text));
        } catch (IllegalArgumentException notOne) {
            return Optional.empty();
        }
    }

    /** nvidia-smi writes the domain with eight digits, and letters large. */
    private static Optional<SeenCard> card(String row) {
        String[] cells = row.split(", ", -1);
        if (cells.length != 9 || cells[0].length() < 5) {
            return Optional.empty();
        }
        return address(cells[0].substring(4).toLowerCase(java.util.Locale.ROOT))
                .map(address -> new SeenCard(
                        address,
                        cells[1],
                        cells[2],
                        cells[3],
                        watts(cells[4]),
                        watts(cells[5]),
                        watts(cells[6]),
                        watts(cells[7]),
                        cells[8].strip().equals("Enabled")));
    }

    private static @Nullable Double watts(String cell) {
        return cell.matches("\\d{1,5}(\\.\\d{1,3})?") ? Double.valueOf(cell) : null;
    }

    /** A single fact; empty when there is none. */
    public String value(String name) {
        return values.getOrDefault(name, "");
    }

    public boolean is(String name) {
        return value(name).equals("1");
    }

    /** Docker answers, and hands out devices by CDI, and knows NVIDIA's runtime. */
    public boolean dockerReady() {
        String docker = value("docker");
        return docker.contains("cdi=[\"") && docker.contains("\"nvidia\"");
    }

    public Optional<SeenCard> card(PciAddress address) {
        return cards.stream().filter(c -> c.address().equals(address)).findFirst();
    }
}
