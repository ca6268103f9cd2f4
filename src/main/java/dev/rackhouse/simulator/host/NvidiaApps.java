package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import dev.rackhouse.simulator.host.GpuDriver.Card;
import dev.rackhouse.simulator.serving.GpuRack;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** {@code nvidia-smi --query-compute-apps}: who computes on the cards. */
final class NvidiaApps {
    private static final List<String> KNOWN = List.of(
            "timestamp",
            "gpu_uuid",
            "gpu_name",
            "gpu_bus_id",
            "pid",
            "process_name",
            "name",
            "used_gpu_memory",
            "used_memory");

    private NvidiaApps() {}

    static Answer query(String asked, List<Card> cards, GpuRack rack, List<String> words) {
        List<String> names = Arrays.stream(asked.split(",")).map(String::strip).toList();
        for (String name : names) {
            if (!KNOWN.contains(name)) {
                return new Answer(2, "Field \"" + name + "\" is not a valid field to query.\n\n", "");
            }
        }
        String format = words.stream()
                .filter(word -> word.startsWith("--format="))
                .findFirst()
                .orElse("");
        boolean units = !format.contains("nounits");
        StringBuilder out = new StringBuilder();
        if (!format.contains("noheader")) {
            out.append(names.stream()
                            .map(name -> units && name.contains("memory") ? name + " [MiB]" : name)
                            .collect(Collectors.joining(", ")))
                    .append('\n');
        }
        for (Card card : cards) {
            for (GpuRack.Use use : rack.uses()) {
                if (use.uuid().equals(card.uuid)) {
                    out.append(names.stream()
                                    .map(name -> value(name, card, use, units))
                                    .collect(Collectors.joining(", ")))
                            .append('\n');
                }
            }
        }
        return Answer.ok(out.toString());
    }

    private static String value(String name, Card card, GpuRack.Use use, boolean units) {
        return switch (name) {
            case "timestamp" ->
                DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss.SSS").format(LocalDateTime.now(ZoneOffset.UTC));
            case "gpu_uuid" -> card.uuid;
            case "gpu_name" -> card.model.name();
            case "gpu_bus_id" -> card.bus();
            case "pid" -> "" + use.pid();
            case "process_name", "name" -> use.process();
            default -> use.memoryMiB() + (units ? " MiB" : "");
        };
    }
}
