package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import dev.rackhouse.simulator.host.GpuDriver.Card;
import dev.rackhouse.simulator.serving.GpuRack;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** {@code nvidia-smi} of branch 580; how busy the cards are and what lies in their memory comes from the rack. */
final class NvidiaSmi {
    private static final Map<String, Field> FIELDS = fields();

    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss.SSS");

    private final GpuDriver driver;
    private final Supplier<String> affinity;

    /** @param affinity CPUs and NUMA nodes of the computer as the topology shows them, with a tab between */
    NvidiaSmi(GpuDriver driver, Supplier<String> affinity) {
        this.driver = driver;
        this.affinity = affinity;
    }

    /** @param unit as the header shows it; empty: none */
    private record Field(String unit, BiFunction<Card, GpuRack, String> value) {}

    Answer run(List<String> words) {
        if (!driver.loaded()) {
            return new Answer(
                    9,
                    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA"
                            + " driver is installed and running.\n\n",
                    "");
        }
        List<Card> cards = driver.cards();
        if (cards.isEmpty()) {
            return new Answer(6, "No devices were found\n", "");
        }
        int chosen = Math.max(words.indexOf("-i"), words.indexOf("--id"));
        if (chosen >= 0 && chosen + 1 < words.size()) {
            Card card = driver.find(words.get(chosen + 1));
            if (card == null) {
                return new Answer(6, "No devices were found\n", "");
            }
            cards = List.of(card);
        }
        for (Card card : cards) {
            if (driver.rack().lost(card.uuid)) {
                return new Answer(
                        15,
                        "Unable to determine the device handle for GPU"
                                + card.bus().substring(4) + ": Unknown Error\n",
                        "");
            }
        }
        return answer(words, cards);
    }

    private Answer answer(List<String> words, List<Card> cards) {
        if (words.contains("-L") || words.contains("--list-gpus")) {
            return Answer.ok(cards.stream().map(NvidiaSmi::listed).collect(Collectors.joining()));
        }
        if (!words.isEmpty() && words.getFirst().equals("topo")) {
            return Answer.ok(topology(cards));
        }
        if (!words.isEmpty() && words.getFirst().equals("nvlink")) {
            return Answer.ok(links(cards));
        }
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String value = i + 1 < words.size() ? words.get(i + 1) : "";
            if (word.startsWith("--query-gpu=")) {
                return query(word.substring(12), cards, words);
            }
            if (word.startsWith("--query-compute-apps=")) {
                return NvidiaApps.query(word.substring(21), cards, driver.rack(), words);
            }
            if (word.equals("-pl") || word.equals("--power-limit")) {
                return limit(value, cards);
            }
            if (word.equals("-pm") || word.equals("--persistence-mode")) {
                return persistence(value, cards);
            }
        }
        return words.isEmpty() || words.getFirst().equals("-i")
                ? Answer.ok(summary(cards))
                : new Answer(2, "Invalid combination of input arguments. Please run 'nvidia-smi -h' for help.\n\n", "");
    }

    private static String listed(Card card) {
        return "GPU " + card.index + ": " + card.model.name() + " (UUID: " + card.uuid + ")\n";
    }

    private Answer query(String asked, List<Card> cards, List<String> words) {
        String format = words.stream()
                .filter(w -> w.startsWith("--format="))
                .findFirst()
                .orElse("");
        if (!format.startsWith("--format=csv")) {
            return new Answer(2, "\"--format=\" switch is missing.\n", "");
        }
        boolean units = !format.contains("nounits");
        List<String> names = List.of(asked.split(","));
        for (String name : names) {
            if (!FIELDS.containsKey(name.strip())) {
                return new Answer(2, "Field \"" + name.strip() + "\" is not a valid field to query.\n\n", "");
            }
        }
        StringBuilder out = new StringBuilder();
        if (!format.contains("noheader")) {
            out.append(names.stream()
                            .map(String::strip)
                            .map(n -> units || field(n).unit().isEmpty() ? n + header(field(n)) : n)
                            .collect(Collectors.joining(", ")))
                    .append('\n');
        }
        for (Card card : cards) {
            out.append(names.stream()
                            .map(String::strip)
                            .map(n -> {
                                String value = field(n).value().apply(card, driver.rack());
                                return units && !field(n).unit().isEmpty() && !value.startsWith("[")
                                        ? value + " " + field(n).unit()
                                        : value;
                            })
                            .collect(Collectors.joining(", ")))
                    .append('\n');
        }
        return Answer.ok(out.toString());
    }

    private static Field field(String name) {
        return java.util.Objects.requireNonNull(FIELDS.get(name), name);
    }

    private static String header(Field field) {
        return field.unit().isEmpty() ? "" : " [" + field.unit() + "]";
    }

    private Answer limit(String value, List<Card> cards) {
        if (!value.matches("\\d{1,4}(\\.\\d{1,2})?")) {
            return new Answer(2, "Failed to parse power limit \"" + value + "\"\n\n", "");
        }
        double watts = Double.parseDouble(value);
        StringBuilder out = new StringBuilder();
        synchronized (driver) {
            for (Card card : cards) {
                if (watts < card.model.least() || watts > card.model.most()) {
                    return new Answer(
                            2,
                            out + "Provided power limit " + number(watts)
                                    + " W is not a valid power limit which should be between "
                                    + number(card.model.least()) + " W and " + number(card.model.most()) + " W for GPU "
                                    + card.bus() + "\nTerminating early due to previous errors.\n",
                            "");
                }
                out.append("Power limit for GPU ")
                        .append(card.bus())
                        .append(" was set to ")
                        .append(number(watts))
                        .append(" W from ")
                        .append(number(card.limit))
                        .append(" W.\n");
                if (!card.persistent) {
                    out.append("\nWarning: persistence mode is disabled on device ")
                            .append(card.bus())
                            .append(
                                    ". See the Known Issues section of the nvidia-smi(1) man page for more information. Run with"
                                            + " [--help | -h] switch to get more information on how to enable persistence mode.\n");
                }
                card.limit = watts;
            }
        }
        return Answer.ok(out + "All done.\n");
    }

    private Answer persistence(String value, List<Card> cards) {
        if (!value.matches("[01]|ENABLED|DISABLED")) {
            return new Answer(2, "Failed to parse persistence mode \"" + value + "\"\n\n", "");
        }
        boolean on = value.equals("1") || value.equals("ENABLED");
        StringBuilder out = new StringBuilder();
        synchronized (driver) {
            for (Card card : cards) {
                out.append(
                        card.persistent == on
                                ? "Persistence mode is already " + (on ? "Enabled" : "Disabled") + " for GPU "
                                        + card.bus() + ".\n"
                                : (on ? "Enabled" : "Disabled") + " persistence mode for GPU " + card.bus() + ".\n");
                card.persistent = on;
            }
        }
        return Answer.ok(out + "All done.\n");
    }

    private static boolean bridged(List<Card> cards) {
        return cards.size() == 2 && cards.stream().allMatch(c -> c.model.nvlinks() > 0);
    }

    private static String links(List<Card> cards) {
        StringBuilder out = new StringBuilder();
        for (Card card : cards) {
            if (card.model.nvlinks() > 0) {
                out.append(listed(card));
                for (int link = 0; link < card.model.nvlinks(); link++) {
                    out.append("\t Link ")
                            .append(link)
                            .append(
                                    bridged(cards)
                                            ? card.model.generation().equals("ampere")
                                                    ? ": 14.062 GB/s\n"
                                                    : ": 25.781 GB/s\n"
                                            : ": <inactive>\n");
                }
            }
        }
        return out.toString();
    }

    private String topology(List<Card> cards) {
        StringBuilder out = new StringBuilder("\t");
        cards.forEach(c -> out.append("GPU").append(c.index).append('\t'));
        out.append("CPU Affinity\tNUMA Affinity\tGPU NUMA ID\n");
        for (Card row : cards) {
            out.append("GPU").append(row.index);
            for (Card column : cards) {
                out.append('\t').append(row == column ? " X " : bridged(cards) ? "NV" + row.model.nvlinks() : "PHB");
            }
            out.append('\t').append(affinity.get()).append("\t\tN/A\n");
        }
        return out + """

                Legend:

                  X    = Self
                  SYS  = Connection traversing PCIe as well as the SMP interconnect between NUMA nodes (e.g., QPI/UPI)
                  NODE = Connection traversing PCIe as well as the interconnect between PCIe Host Bridges within a NUMA node
                  PHB  = Connection traversing PCIe as well as a PCIe Host Bridge (typically the CPU)
                  PXB  = Connection traversing multiple PCIe bridges (without traversing the PCIe Host Bridge)
                  PIX  = Connection traversing at most a single PCIe bridge
                  NV#  = Connection traversing a bonded set of # NVLinks
                """;
    }

    private String summary(List<Card> cards) {
        StringBuilder out = new StringBuilder("NVIDIA-SMI " + GpuDriver.VERSION + "    Driver Version: "
                + GpuDriver.VERSION + "    CUDA Version: 13.0\n");
        cards.forEach(c -> out.append("|  %d  %-30s %-4s |  %s |  %s W / %s W | %d MiB / %d MiB |%n"
                .formatted(
                        c.index,
                        c.model.name(),
                        c.persistent ? "On" : "Off",
                        c.bus(),
                        "" + Math.round(watts(c, driver.rack())),
                        Math.round(c.limit),
                        driver.rack().usedMiB(c.uuid),
                        c.model.memoryMiB())));
        return out.toString();
    }

    private static String number(double watts) {
        return String.format(Locale.ROOT, "%.2f", watts);
    }

    private static String generation(Card card) {
        return card.model.generation().equals("ampere") ? "4" : "3";
    }

    private static double watts(Card card, GpuRack rack) {
        return 21.04 + (card.limit - 21.04) * 0.95 * rack.load(card.uuid);
    }

    private static int reserved(Card card, GpuRack rack) {
        return rack.find(card.uuid).map(GpuRack.Card::reservedMiB).orElse(0);
    }

    private static Map<String, Field> fields() {
        Map<String, Field> f = new LinkedHashMap<>();
        f.put("index", new Field("", (c, r) -> "" + c.index));
        f.put("uuid", new Field("", (c, r) -> c.uuid));
        f.put("gpu_uuid", new Field("", (c, r) -> c.uuid));
        f.put("name", new Field("", (c, r) -> c.model.name()));
        f.put("gpu_name", new Field("", (c, r) -> c.model.name()));
        f.put("serial", new Field("", (c, r) -> "[N/A]"));
        f.put("pci.bus_id", new Field("", (c, r) -> c.bus()));
        f.put("gpu_bus_id", new Field("", (c, r) -> c.bus()));
        f.put("pci.device_id", new Field("", (c, r) -> "0x" + c.ids.substring(5).toUpperCase(Locale.ROOT) + "10DE"));
        f.put("driver_version", new Field("", (c, r) -> GpuDriver.VERSION));
        f.put("vbios_version", new Field("", (c, r) -> c.model.videoBios()));
        f.put("memory.total", new Field("MiB", (c, r) -> "" + c.model.memoryMiB()));
        f.put("memory.reserved", new Field("MiB", (c, r) -> "" + reserved(c, r)));
        f.put("memory.used", new Field("MiB", (c, r) -> "" + r.usedMiB(c.uuid)));
        f.put("memory.free", new Field("MiB", (c, r) -> "" + r.freeMiB(c.uuid)));
        f.put("utilization.gpu", new Field("%", (c, r) -> "" + Math.round(100 * r.load(c.uuid))));
        f.put("utilization.memory", new Field("%", (c, r) -> "" + Math.round(81 * r.load(c.uuid))));
        f.put("temperature.gpu", new Field("", (c, r) -> "" + Math.round(38 + 33 * r.load(c.uuid))));
        f.put("temperature.memory", new Field("", (c, r) -> "N/A"));
        f.put("fan.speed", new Field("%", (c, r) -> "" + Math.round(70 * r.load(c.uuid))));
        f.put("power.draw", new Field("W", (c, r) -> number(watts(c, r))));
        f.put("power.draw.instant", new Field("W", (c, r) -> number(watts(c, r))));
        f.put("power.draw.average", new Field("W", (c, r) -> number(watts(c, r))));
        f.put("clocks.current.sm", new Field("MHz", (c, r) -> r.load(c.uuid) > 0 ? "1695" : "210"));
        f.put("clocks.current.memory", new Field("MHz", (c, r) -> r.load(c.uuid) > 0 ? "9501" : "405"));
        f.put(
                "compute_cap",
                new Field("", (c, r) -> c.model.computeTenths() / 10 + "." + c.model.computeTenths() % 10));
        f.put(
                "clocks_event_reasons.active",
                new Field("", (c, r) -> r.load(c.uuid) > 0 ? "0x0000000000000004" : "0x0000000000000001"));
        f.put("gpu_recovery_action", new Field("", (c, r) -> "None"));
        f.put("count", new Field("", (c, r) -> "" + r.cards().size()));
        f.put(
                "timestamp",
                new Field("", (c, r) -> TIMESTAMP.format(java.time.LocalDateTime.now(java.time.ZoneOffset.UTC))));
        f.put("ecc.errors.uncorrected.volatile.total", new Field("", (c, r) -> "[N/A]"));
        f.put("power.limit", new Field("W", (c, r) -> number(c.limit)));
        f.put("enforced.power.limit", new Field("W", (c, r) -> number(c.limit)));
        f.put("power.default_limit", new Field("W", (c, r) -> number(c.model.shipped())));
        f.put("power.min_limit", new Field("W", (c, r) -> number(c.model.least())));
        f.put("power.max_limit", new Field("W", (c, r) -> number(c.model.most())));
        f.put("persistence_mode", new Field("", (c, r) -> c.persistent ? "Enabled" : "Disabled"));
        f.put("pstate", new Field("", (c, r) -> r.load(c.uuid) > 0 ? "P2" : "P8"));
        f.put("pcie.link.gen.current", new Field("", (c, r) -> r.load(c.uuid) > 0 ? generation(c) : "1"));
        f.put("pcie.link.gen.max", new Field("", (c, r) -> generation(c)));
        f.put("pcie.link.width.current", new Field("", (c, r) -> "16"));
        f.put("pcie.link.width.max", new Field("", (c, r) -> "16"));
        f.put("ecc.mode.current", new Field("", (c, r) -> c.model.ecc()));
        f.put("compute_mode", new Field("", (c, r) -> "Default"));
        f.put("mig.mode.current", new Field("", (c, r) -> "[N/A]"));
        return f;
    }
}
