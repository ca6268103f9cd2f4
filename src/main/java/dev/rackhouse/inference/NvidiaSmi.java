package dev.rackhouse.inference;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.fit.ComputeCapability;
import dev.rackhouse.inference.fit.GpuNow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code nvidia-smi --query-gpu=... --format=csv} and {@code --query-compute-apps=...} print, with header, in any order of
 * fields and with or without units. A cell that is no number is not known, never zero; {@code ERR!} and the like mean that the card is
 * broken.
 */
public final class NvidiaSmi {

    /** The fields to ask for; each is there in every driver since 470. */
    public static final String GPU_FIELDS =
            "uuid,name,compute_cap,memory.total,memory.reserved,memory.used,memory.free,utilization.gpu,power.draw,power.limit,temperature.gpu";

    public static final String APP_FIELDS = "gpu_uuid,pid,process_name,used_gpu_memory";

    private static final Set<String> BROKEN = Set.of("ERR!", "[Unknown Error]", "[GPU requires reset]");

    private NvidiaSmi() {}

    /** Says who a process is that holds memory. */
    @FunctionalInterface
    public interface Naming {

        /** Processes are only known by their own names. */
        Naming BY_PROCESS = (pid, process, memory) -> new GpuNow.Holder(process + " (pid " + pid + ")", memory, false);

        GpuNow.Holder holder(String pid, String process, ByteSize memory);
    }

    /**
     * @param apps what the second command printed; its header alone when nothing runs
     * @return empty when it is no table: no driver, a card that fell off the bus
     */
    public static Optional<List<GpuReading>> read(String gpus, String apps, Instant at) {
        return read(gpus, apps, at, Naming.BY_PROCESS);
    }

    /** The same, with processes called as somebody knows them; several of one name on a card count as one holder. */
    public static Optional<List<GpuReading>> read(String gpus, String apps, Instant at, Naming naming) {
        List<Map<String, String>> rows = rows(gpus);
        if (rows.isEmpty() || !rows.getFirst().containsKey("uuid")) {
            return Optional.empty();
        }
        Map<String, List<GpuNow.Holder>> holders = holders(apps, naming);
        return Optional.of(rows.stream()
                .map(row -> reading(row, holders.getOrDefault(row.get("uuid"), List.of()), at))
                .toList());
    }

    private static GpuReading reading(Map<String, String> row, List<GpuNow.Holder> holders, Instant at) {
        Double total = number(row, "memory.total");
        Double reserved = number(row, "memory.reserved");
        Double free = number(row, "memory.free");
        Double busy = number(row, "utilization.gpu");
        String capability = row.getOrDefault("compute_cap", "");
        return new GpuReading(
                row.getOrDefault("uuid", ""),
                row.getOrDefault("name", ""),
                capability.matches("\\d{1,2}\\.\\d") ? ComputeCapability.parse(capability) : null,
                total == null ? null : mib(total - (reserved == null ? 0 : reserved)),
                free == null ? null : mib(free),
                number(row, "power.draw"),
                number(row, "power.limit"),
                busy == null ? null : Double.valueOf(busy / 100),
                number(row, "temperature.gpu"),
                holders,
                row.values().stream().anyMatch(BROKEN::contains),
                at);
    }

    private static Map<String, List<GpuNow.Holder>> holders(String apps, Naming naming) {
        Map<String, List<GpuNow.Holder>> holders = new HashMap<>();
        for (Map<String, String> row : rows(apps)) {
            Double used = number(row, "used_gpu_memory");
            String gpu = row.get("gpu_uuid");
            if (used != null && gpu != null) {
                GpuNow.Holder holder =
                        naming.holder(row.getOrDefault("pid", "?"), row.getOrDefault("process_name", "?"), mib(used));
                together(holders.computeIfAbsent(gpu, g -> new ArrayList<>()), holder);
            }
        }
        return holders;
    }

    private static void together(List<GpuNow.Holder> holders, GpuNow.Holder one) {
        for (int i = 0; i < holders.size(); i++) {
            GpuNow.Holder there = holders.get(i);
            if (there.who().equals(one.who()) && there.ours() == one.ours()) {
                ByteSize both =
                        new ByteSize(there.memory().bytes() + one.memory().bytes());
                holders.set(i, new GpuNow.Holder(there.who(), both, there.ours()));
                return;
            }
        }
        holders.add(one);
    }

    private static List<Map<String, String>> rows(String csv) {
        List<String> lines = csv.lines().filter(l -> !l.isBlank()).toList();
        if (lines.isEmpty()) {
            return List.of();
        }
        String[] header = lines.getFirst().split(",", -1);
        List<Map<String, String>> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            if (cells.length == header.length) {
                Map<String, String> row = new HashMap<>();
                for (int i = 0; i < cells.length; i++) {
                    row.put(header[i].strip().replaceAll(" \\[.*]$", ""), cells[i].strip());
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static @Nullable Double number(Map<String, String> row, String field) {
        String text = row.getOrDefault(field, "").replaceAll(" (MiB|W|%)$", "");
        return text.matches("-?\\d+(\\.\\d+)?") ? Double.valueOf(text) : null;
    }

    private static ByteSize mib(double mib) {
        return ByteSize.ofMiB(Math.max(0, Math.round(mib)));
    }
}
