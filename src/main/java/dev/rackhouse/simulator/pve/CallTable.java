package dev.rackhouse.simulator.pve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table of calls and property strings, read once from {@code calls.txt} and {@code formats.txt}. Immutable. */
final class CallTable {
    private static final CallTable PACKED = new CallTable();

    private final Map<String, ApiCall> calls = new LinkedHashMap<>();
    private final Map<String, List<ApiCall>> byShape = new HashMap<>();
    private final Map<String, Map<String, Param>> propertyStrings = new LinkedHashMap<>();
    private final Map<String, Map<String, Integer>> highest = new HashMap<>();
    private final Map<String, List<Param>> sets = new HashMap<>();

    private CallTable() {
        readFormats(resource("formats.txt"));
        readCalls(resource("calls.txt"));
        for (ApiCall call : calls.values()) {
            byShape.computeIfAbsent(call.method() + call.segments().size(), k -> new ArrayList<>())
                    .add(call);
        }
    }

    static CallTable packed() {
        return PACKED;
    }

    Collection<ApiCall> calls() {
        return calls.values();
    }

    Map<String, Map<String, Param>> propertyStrings() {
        return propertyStrings;
    }

    @Nullable
    ApiCall call(String method, String template) {
        return calls.get(method + " " + template);
    }

    /** Parameters of a set ({@code qemu}, {@code lxc}), spread out. */
    Map<String, Param> options(String set) {
        Map<String, Param> options = new LinkedHashMap<>();
        for (Param param : sets.getOrDefault(set, List.of())) {
            spread(set, param, options);
        }
        return options;
    }

    /** Highest index of {@code net[n]} and the like for a kind of guest. */
    int highest(String kind, String name) {
        return highest.getOrDefault(kind, Map.of()).getOrDefault(name, 0);
    }

    /** A call and the values of its path variables. */
    record Match(ApiCall call, Map<String, String> variables) {}

    /**
     * Finds the call for a path; literal segments win over variables.
     *
     * @param segments decoded parts of the path
     * @param version major version of the node
     */
    @Nullable
    Match find(String method, List<String> path, int version) {
        List<String> segments = whole(path);
        Match best = null;
        int bestLiterals = -1;
        for (ApiCall call : byShape.getOrDefault(method + segments.size(), List.of())) {
            if (call.since() > version) {
                continue;
            }
            Map<String, String> variables = new LinkedHashMap<>();
            int literals = 0;
            boolean fits = true;
            for (int i = 0; i < segments.size() && fits; i++) {
                String template = call.segments().get(i);
                if (template.startsWith("{")) {
                    variables.put(template.substring(1, template.length() - 1), segments.get(i));
                } else {
                    fits = template.equals(segments.get(i));
                    literals += 1 << (segments.size() - i);
                }
            }
            if (fits && literals > bestLiterals) {
                best = new Match(call, variables);
                bestLiterals = literals;
            }
        }
        return best;
    }

    /** The name of a volume may contain slashes: it takes the rest of the path. */
    private static List<String> whole(List<String> path) {
        if (path.size() > 6 && path.get(0).equals("nodes") && path.get(4).equals("content")) {
            List<String> joined = new ArrayList<>(path.subList(0, 5));
            joined.add(String.join("/", path.subList(5, path.size())));
            return joined;
        }
        return path;
    }

    private void readFormats(List<String> lines) {
        Map<String, Param> current = new LinkedHashMap<>();
        for (String line : lines) {
            if (line.startsWith("[")) {
                current = new LinkedHashMap<>();
                propertyStrings.put(line.substring(1, line.length() - 1), current);
            } else if (line.startsWith("  ")) {
                Param param = Param.parse(line);
                current.put(param.name(), param);
            }
        }
    }

    private void readCalls(List<String> lines) {
        String[] head = {};
        List<Param> set = new ArrayList<>();
        Map<String, Param> parameters = new LinkedHashMap<>();
        Right right = new Right.RootOnly();
        for (String line : lines) {
            if (line.startsWith("#")) {
                continue;
            }
            if (line.isBlank()) {
                finish(head, right, parameters);
                head = new String[0];
                parameters = new LinkedHashMap<>();
                right = new Right.RootOnly();
            } else if (line.startsWith("MAX ")) {
                readHighest(line.split(" "));
            } else if (!line.startsWith(" ")) {
                head = line.split(" ");
                set = new ArrayList<>();
                if (head[0].equals("SET")) {
                    sets.put(head[1], set);
                }
            } else if (line.startsWith("  perm ")) {
                right = Right.parse(line.substring(7));
            } else if (line.startsWith("  use ")) {
                String name = line.substring(6);
                for (Param param : sets.getOrDefault(name, List.of())) {
                    spread(name, param, parameters);
                }
            } else if (head[0].equals("SET")) {
                set.add(Param.parse(line));
            } else {
                spread(head[1].contains("/lxc") ? "lxc" : "qemu", Param.parse(line), parameters);
            }
        }
        finish(head, right, parameters);
    }

    private void readHighest(String[] words) {
        Map<String, Integer> known = highest.computeIfAbsent(words[1], k -> new HashMap<>());
        for (int i = 2; i < words.length; i++) {
            String[] pair = words[i].split("=");
            known.put(pair[0], Integer.valueOf(pair[1]));
        }
    }

    private void spread(String kind, Param param, Map<String, Param> into) {
        if (!param.name().endsWith("[n]")) {
            into.put(param.name(), param);
            return;
        }
        String base = param.name().substring(0, param.name().length() - 3);
        for (int i = 0; i <= highest(kind, base); i++) {
            into.put(base + i, param.named(base + i));
        }
    }

    private void finish(String[] head, Right right, Map<String, Param> parameters) {
        if (head.length == 0 || head[0].equals("SET")) {
            return;
        }
        String path = head[1];
        if (path.contains("{node}") && !parameters.containsKey("node")) {
            parameters.put("node", Param.parse("node string fmt=pve-node"));
        }
        if (path.contains("{vmid}") && !parameters.containsKey("vmid")) {
            parameters.put("vmid", Param.parse("vmid integer fmt=pve-vmid min=100 max=999999999"));
        }
        List<String> flags = List.of(head).subList(2, head.length);
        List<String> segments = List.of(path.substring(1).split("/"));
        calls.put(
                head[0] + " " + path,
                new ApiCall(
                        head[0],
                        path,
                        segments,
                        right,
                        Map.copyOf(parameters),
                        flags.contains("proxy"),
                        !flags.contains("notoken"),
                        flags.contains("open"),
                        flags.contains("since=9") ? 9 : 0));
    }

    private static List<String> resource(String name) {
        try (InputStream in = CallTable.class.getResourceAsStream("/dev/rackhouse/simulator/pve/" + name)) {
            if (in == null) {
                throw new IllegalStateException("Not packed: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
