package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.GpuReading;
import dev.rackhouse.inference.NvidiaSmi;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@link DeployScripts#look} printed, read. Pure; whatever a machine prints, it gives records or says that they are not complete.
 *
 * @param values single facts: {@code os}, {@code driver}, {@code free} in KiB, {@code weights}
 * @param listeners programs by TCP port; a name may be empty
 */
record LookOutput(Map<String, String> values, List<GpuReading> gpus, Map<Integer, String> listeners) {

    private static final Pattern PORT = Pattern.compile("[:.](\\d{1,5})$");
    private static final Pattern PROGRAM = Pattern.compile("users:\\(\\(\"([^\"]{1,60})\"");

    LookOutput {
        values = Map.copyOf(values);
        gpus = List.copyOf(gpus);
        listeners = java.util.Collections.unmodifiableMap(new TreeMap<>(listeners));
    }

    /** Empty: the output was cut off. */
    static Optional<LookOutput> parse(String output, Instant at) {
        List<String> lines = output.lines().toList();
        int begin = lines.indexOf("BEGIN\t1");
        int end = lines.lastIndexOf("END\t1");
        if (begin < 0 || end < begin) {
            return Optional.empty();
        }
        Map<String, String> values = new HashMap<>();
        Map<Integer, String> listeners = new TreeMap<>();
        StringBuilder gpus = new StringBuilder();
        StringBuilder apps = new StringBuilder();
        for (String line : lines.subList(begin + 1, end)) {
            String[] fields = line.split("\t", -1);
            String second = fields.length > 1 ? fields[1] : "";
            switch (fields[0]) {
                case "K" -> values.put(second, fields.length > 2 ? fields[2].strip() : "");
                case "GPU" -> gpus.append(second).append('\n');
                case "APP" -> apps.append(second).append('\n');
                case "LISTEN" -> listener(line.substring(line.indexOf('\t') + 1), listeners);
                default -> {}
            }
        }
        return Optional.of(new LookOutput(
                values, NvidiaSmi.read(gpus.toString(), apps.toString(), at).orElse(List.of()), listeners));
    }

    /** {@code LISTEN 0 4096 0.0.0.0:8000 0.0.0.0:* users:(("docker-proxy",pid=7,fd=4))}. */
    private static void listener(String row, Map<Integer, String> listeners) {
        String[] columns = row.strip().split("\\s+", -1);
        if (columns.length < 4) {
            return;
        }
        Matcher port = PORT.matcher(columns[3]);
        if (port.find() && Integer.parseInt(port.group(1)) <= 65535) {
            Matcher program = PROGRAM.matcher(row);
            listeners.putIfAbsent(Integer.valueOf(port.group(1)), program.find() ? program.group(1) : "");
        }
    }
}
