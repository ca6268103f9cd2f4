package dev.rackhouse.simulator.host;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code systemd-run} was asked for.
 *
 * @param unit name, empty for one made up
 * @param limitSeconds RuntimeMaxSec, 0 for none
 * @param onActiveSeconds after how long it starts, negative for at once
 */
record RunRequest(
        String unit,
        Map<String, String> properties,
        Map<String, String> environment,
        String workingDirectory,
        boolean collect,
        boolean remain,
        boolean await,
        boolean pipe,
        boolean quiet,
        long limitSeconds,
        double onActiveSeconds,
        List<String> command) {

    private static final Set<String> WITH_VALUE = Set.of(
            "-u",
            "--unit",
            "-p",
            "--property",
            "-E",
            "--setenv",
            "--description",
            "--working-directory",
            "--slice",
            "--uid",
            "--gid",
            "--nice",
            "--service-type",
            "--on-active",
            "--on-boot",
            "--timer-property",
            "-H",
            "-M");

    static RunRequest parse(List<String> words) {
        String unit = "";
        String directory = "";
        Map<String, String> properties = new LinkedHashMap<>();
        Map<String, String> environment = new LinkedHashMap<>();
        List<String> flags = new ArrayList<>();
        double onActive = -1;
        int i = 0;
        for (; i < words.size() && words.get(i).startsWith("-"); i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                i++;
                break;
            }
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String name = equals > 0 ? word.substring(0, equals) : word;
            String value = "";
            if (equals > 0) {
                value = word.substring(equals + 1);
            } else if (WITH_VALUE.contains(name) && i + 1 < words.size()) {
                value = words.get(++i);
            }
            switch (name) {
                case "-u", "--unit" -> unit = value;
                case "-p", "--property" -> put(properties, value);
                case "-E", "--setenv" -> put(environment, value);
                case "--working-directory" -> directory = value;
                case "--on-active" -> onActive = TimeSpan.seconds(value);
                default -> flags.add(name);
            }
        }
        return new RunRequest(
                unit,
                properties,
                environment,
                properties.getOrDefault("WorkingDirectory", directory),
                flags.contains("--collect") || flags.contains("-G"),
                flags.contains("--remain-after-exit")
                        || flags.contains("-r")
                        || "yes".equals(properties.get("RemainAfterExit")),
                flags.contains("--wait") || flags.contains("--pipe") || flags.contains("-P"),
                flags.contains("--pipe") || flags.contains("-P"),
                flags.contains("--quiet") || flags.contains("-q"),
                (long) Math.max(0, TimeSpan.seconds(properties.getOrDefault("RuntimeMaxSec", "0"))),
                onActive,
                List.copyOf(words.subList(Math.min(i, words.size()), words.size())));
    }

    private static void put(Map<String, String> into, String assignment) {
        int equals = assignment.indexOf('=');
        if (equals > 0) {
            into.put(assignment.substring(0, equals), assignment.substring(equals + 1));
        }
    }

    /** A command of a unit that lies on disk. */
    static RunRequest ofUnit(
            String unit, Map<String, String> properties, Map<String, String> environment, List<String> command) {
        return new RunRequest(
                unit,
                properties,
                environment,
                properties.getOrDefault("WorkingDirectory", ""),
                false,
                false,
                false,
                false,
                true,
                (long) Math.max(0, TimeSpan.seconds(properties.getOrDefault("TimeoutStartSec", "0"))),
                -1,
                command);
    }

    /** The same with another command. */
    RunRequest with(List<String> other) {
        return new RunRequest(
                unit,
                properties,
                environment,
                workingDirectory,
                collect,
                remain,
                await,
                pipe,
                quiet,
                limitSeconds,
                onActiveSeconds,
                other);
    }

    /** Whether the unit goes on when this command fails. */
    boolean mayFail() {
        return properties.containsKey("MayFail");
    }

    /** The unit's command as one line for a shell, with its streams where the properties want them. */
    String shellLine(String prefix) {
        StringBuilder line = new StringBuilder();
        if (!workingDirectory.isEmpty()) {
            line.append("cd ").append(quoted(prefix + workingDirectory)).append(" || exit 200; ");
        }
        line.append("exec ").append(command.stream().map(RunRequest::quoted).collect(Collectors.joining(" ")));
        stream(line, prefix, "StandardInput", "<");
        stream(line, prefix, "StandardOutput", ">");
        if (properties.getOrDefault("StandardError", "").isEmpty() && properties.containsKey("StandardOutput")) {
            line.append(" 2>&1");
        }
        stream(line, prefix, "StandardError", "2>");
        return line.toString();
    }

    private void stream(StringBuilder line, String prefix, String property, String operator) {
        String target = properties.getOrDefault(property, "");
        int colon = target.indexOf(':');
        if (colon > 0 && target.startsWith("/", colon + 1)) {
            String append = target.startsWith("append:") ? ">" : "";
            String file = target.substring(colon + 1);
            line.append(' ')
                    .append(operator)
                    .append(append)
                    .append(quoted(file.startsWith(prefix) ? file : prefix + file));
        }
    }

    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
