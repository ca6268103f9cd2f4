package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import dev.rackhouse.simulator.host.NodeApi.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The node's own tools {@code qm}, {@code pct}, {@code pvesh} and {@code pvesm}: the API as root, in the words of a command line. */
final class ProxmoxTools {
    private static final Map<String, String> POWER = Map.of(
            "start", "start",
            "stop", "stop",
            "shutdown", "shutdown",
            "reset", "reset",
            "reboot", "reboot",
            "suspend", "suspend",
            "resume", "resume");

    private final String node;
    private final NodeApi api;

    ProxmoxTools(String node, NodeApi api) {
        this.node = node;
        this.api = api;
    }

    Answer run(String program, List<String> words) {
        if (words.isEmpty()) {
            return Answer.failed(
                    255, "ERROR: no command specified\nUSAGE: " + program + " <COMMAND> [ARGS] [OPTIONS]\n");
        }
        return switch (program) {
            case "pvesh" -> pvesh(words);
            case "pvesm" -> pvesm(words);
            default -> guest(program, program.equals("qm") ? "qemu" : "lxc", words);
        };
    }

    private Answer guest(String program, String kind, List<String> words) {
        String verb = words.getFirst();
        if (verb.equals("list")) {
            return list(kind);
        }
        if (words.size() < 2 || !words.get(1).matches("\\d+")) {
            return Answer.failed(255, "400 not enough arguments\n" + program + " " + verb + " <vmid>\n");
        }
        String vmid = words.get(1);
        String path = "/nodes/" + node + "/" + kind + "/" + vmid;
        Map<String, List<String>> options = options(words.subList(2, words.size()));
        String power = POWER.get(verb);
        if (power != null) {
            return task(api.call(node, "POST", path + "/status/" + power, options));
        }
        return switch (verb) {
            case "set" -> set(kind.equals("qemu") ? "VM" : "CT", vmid, path, options);
            case "config" -> config(path, options);
            case "status" -> status(path);
            case "destroy" -> task(api.call(node, "DELETE", path, options));
            case "create" -> {
                options.put("vmid", List.of(vmid));
                yield task(api.call(node, "POST", "/nodes/" + node + "/" + kind, options));
            }
            case "unlock" -> {
                Map<String, List<String>> delete = new LinkedHashMap<>();
                delete.put("delete", List.of("lock"));
                delete.put("skiplock", List.of("1"));
                yield plain(api.call(node, "PUT", path + "/config", delete), "");
            }
            default -> Answer.failed(255, "ERROR: unknown command '" + program + " " + verb + "'\n");
        };
    }

    private Answer set(String what, String vmid, String path, Map<String, List<String>> options) {
        StringBuilder said = new StringBuilder("update " + what + " " + vmid + ":");
        options.forEach((key, values) -> values.forEach(
                value -> said.append(" -").append(key).append(' ').append(value)));
        return plain(api.call(node, "PUT", path + "/config", options), said + "\n");
    }

    private Answer config(String path, Map<String, List<String>> options) {
        Reply reply = api.call(node, "GET", path + "/config", options);
        if (!reply.ok() || !(reply.data() instanceof Map<?, ?> values)) {
            return failure(reply);
        }
        StringBuilder out = new StringBuilder();
        new TreeMap<>(values).forEach((key, value) -> {
            if (!"digest".equals(key)) {
                out.append(key).append(": ").append(value).append('\n');
            }
        });
        return Answer.ok(out.toString());
    }

    private Answer status(String path) {
        Reply reply = api.call(node, "GET", path + "/status/current", Map.of());
        return reply.ok() && reply.data() instanceof Map<?, ?> values
                ? Answer.ok("status: " + values.get("status") + "\n")
                : failure(reply);
    }

    private Answer list(String kind) {
        Reply reply = api.call(node, "GET", "/nodes/" + node + "/" + kind, Map.of());
        if (!reply.ok() || !(reply.data() instanceof List<?> rows)) {
            return failure(reply);
        }
        StringBuilder out =
                new StringBuilder("      VMID NAME                 STATUS     MEM(MB)    BOOTDISK(GB) PID\n");
        for (Object row : rows) {
            if (row instanceof Map<?, ?> guest) {
                out.append("%10s %-20s %-10s%n".formatted(guest.get("vmid"), guest.get("name"), guest.get("status")));
            }
        }
        return Answer.ok(out.toString());
    }

    private Answer pvesh(List<String> words) {
        String method = switch (words.getFirst()) {
            case "get", "ls" -> "GET";
            case "set" -> "PUT";
            case "create" -> "POST";
            case "delete" -> "DELETE";
            default -> "";
        };
        if (method.isEmpty() || words.size() < 2) {
            return Answer.failed(255, "ERROR: unknown command 'pvesh " + words.getFirst() + "'\n");
        }
        Map<String, List<String>> options = options(words.subList(2, words.size()));
        options.remove("output-format");
        options.remove("noborder");
        Reply reply = api.call(node, method, words.get(1).startsWith("/") ? words.get(1) : "/" + words.get(1), options);
        return reply.ok()
                ? Answer.ok(reply.data() == null ? "" : JsonMapper.shared().writeValueAsString(reply.data()) + "\n")
                : failure(reply);
    }

    private Answer pvesm(List<String> words) {
        if (!words.getFirst().equals("status")) {
            return Answer.failed(255, "ERROR: unknown command 'pvesm " + words.getFirst() + "'\n");
        }
        Reply reply = api.call(node, "GET", "/nodes/" + node + "/storage", Map.of());
        if (!reply.ok() || !(reply.data() instanceof List<?> rows)) {
            return failure(reply);
        }
        StringBuilder out = new StringBuilder("Name             Type     Status\n");
        for (Object row : rows) {
            if (row instanceof Map<?, ?> storage) {
                out.append("%-16s %8s %10s%n".formatted(storage.get("storage"), storage.get("type"), "active"));
            }
        }
        return Answer.ok(out.toString());
    }

    /** Waits for the task that a call started; the tool's exit tells how it ended. */
    private Answer task(Reply reply) {
        if (!reply.ok() || !(reply.data() instanceof String upid) || !upid.startsWith("UPID:")) {
            return plain(reply, "");
        }
        while (true) {
            Reply status = api.call(node, "GET", "/nodes/" + node + "/tasks/" + upid + "/status", Map.of());
            if (!status.ok() || !(status.data() instanceof Map<?, ?> values)) {
                return failure(status);
            }
            if ("stopped".equals(values.get("status"))) {
                String exit = String.valueOf(values.get("exitstatus"));
                return exit.equals("OK") || exit.startsWith("WARNINGS")
                        ? Answer.ok("")
                        : Answer.failed(255, exit + "\n");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return Answer.failed(130, "");
            }
        }
    }

    private static Answer plain(Reply reply, String said) {
        return reply.ok() ? Answer.ok(said) : failure(reply);
    }

    private static Answer failure(Reply reply) {
        StringBuilder text = new StringBuilder();
        text.append(reply.status() == 400 ? "400 " : "")
                .append(reply.message().strip())
                .append('\n');
        reply.errors()
                .forEach((key, value) ->
                        text.append(key).append(": ").append(value.strip()).append('\n'));
        return Answer.failed(255, text.toString());
    }

    /** {@code --key value}, {@code -key value} and {@code --key=value}; a key without a value is a flag. */
    static Map<String, List<String>> options(List<String> words) {
        Map<String, List<String>> options = new LinkedHashMap<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.matches("--?[A-Za-z].*")) {
                continue;
            }
            String key = word.replaceFirst("^--?", "");
            @Nullable String value = null;
            int equals = key.indexOf('=');
            if (equals > 0) {
                value = key.substring(equals + 1);
                key = key.substring(0, equals);
            } else if (i + 1 < words.size() && !words.get(i + 1).matches("--?[A-Za-z].*")) {
                value = words.get(++i);
            }
            options.computeIfAbsent(key, name -> new ArrayList<>()).add(value == null ? "1" : value);
        }
        return options;
    }
}
