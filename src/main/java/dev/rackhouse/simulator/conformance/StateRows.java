package dev.rackhouse.simulator.conformance;

import dev.rackhouse.simulator.pve.LocalAnswer;
import dev.rackhouse.simulator.pve.PveSimulator;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The small table that gives the state before a recording where its cause was not recorded. */
final class StateRows {
    private record Row(int before, String condition, String method, String path, Map<String, List<String>> form) {}

    private final PveSimulator lab;
    private final String node;
    private final List<Row> rows;
    private int done;

    StateRows(PveSimulator lab, String node, String table) {
        this.lab = lab;
        this.node = node;
        this.rows = table.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(StateRows::parse)
                .toList();
    }

    private static Row parse(String line) {
        String[] halves = line.split(" \\| ", 2);
        int space = halves[0].indexOf(' ');
        String[] action = halves[1].split(" ", 2);
        int question = action[1].indexOf('?');
        Map<String, List<String>> form = new LinkedHashMap<>();
        if (question >= 0) {
            for (String pair : action[1].substring(question + 1).split("&")) {
                String[] parts = pair.split("=", 2);
                form.computeIfAbsent(decode(parts[0]), key -> new ArrayList<>()).add(decode(parts[1]));
            }
        }
        return new Row(
                Integer.parseInt(halves[0].substring(0, space)),
                halves[0].substring(space + 1),
                action[0],
                question < 0 ? action[1] : action[1].substring(0, question),
                form);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /**
     * Brings the world into the state that it had when this recording was made. What is refused is left as it is: then
     * the recordings themselves have brought another state about.
     */
    void before(int id) throws InterruptedException {
        while (done < rows.size() && rows.get(done).before() <= id) {
            Row row = rows.get(done++);
            settle();
            if (holds(row.condition())) {
                LocalAnswer answer = lab.local(node, row.method(), row.path(), row.form());
                if (answer.data() instanceof String upid && upid.startsWith("UPID:")) {
                    settle();
                }
            }
        }
    }

    private boolean holds(String condition) {
        String[] words = condition.split(" ", 3);
        LocalAnswer answer = lab.local(node, "GET", words[1], Map.of());
        return switch (words[0]) {
            case "missing" -> !answer.succeeded();
            case "present" -> answer.succeeded();
            case "has" -> answer.succeeded() && String.valueOf(answer.data()).contains(words[2]);
            case "lacks" -> answer.succeeded() && !String.valueOf(answer.data()).contains(words[2]);
            default -> throw new IllegalArgumentException("No such condition: " + condition);
        };
    }

    /** Waits until no task runs, at most a while; the lab's time is short. */
    private void settle() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadline) {
            LocalAnswer active =
                    lab.local(node, "GET", "/nodes/" + node + "/tasks", Map.of("source", List.of("active")));
            if (active.data() instanceof List<?> tasks && tasks.isEmpty()) {
                return;
            }
            Thread.sleep(Duration.ofMillis(5));
        }
    }
}
