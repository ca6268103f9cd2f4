package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import dev.rackhouse.simulator.serving.Container;
import dev.rackhouse.simulator.serving.ContainerJson;
import dev.rackhouse.simulator.serving.DockerDaemon;
import java.util.List;
import java.util.Map;

/** {@code docker ps} and {@code docker logs}. */
final class DockerPs {
    private DockerPs() {}

    static Answer list(DockerDaemon daemon, List<String> words) {
        boolean all = words.stream().anyMatch(word -> word.equals("--all") || word.matches("-[a-z]*a[a-z]*"));
        boolean quiet = words.stream().anyMatch(word -> word.equals("--quiet") || word.matches("-[a-z]*q[a-z]*"));
        String format = format(words);
        StringBuilder out = new StringBuilder();
        if (!quiet && format.isEmpty()) {
            out.append("CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES\n");
        }
        for (Container one : daemon.all()) {
            if (!all && !one.running()) {
                continue;
            }
            Map<String, String> values = ContainerJson.columns(one);
            if (quiet) {
                out.append(values.get("ID"));
            } else if (format.isEmpty()) {
                out.append(String.join("   ", values.values()));
            } else {
                String line = format.equals("json") ? "{{json .}}" : format;
                line = line.replace("{{json .}}", ContainerJson.line(one));
                for (Map.Entry<String, String> value : values.entrySet()) {
                    line = line.replace("{{." + value.getKey() + "}}", value.getValue());
                }
                out.append(line);
            }
            out.append('\n');
        }
        return Answer.ok(out.toString());
    }

    static Answer logs(Container container, List<String> words) {
        int at = Math.max(words.indexOf("--tail"), words.indexOf("-n"));
        String given = at >= 0 && at + 1 < words.size()
                ? words.get(at + 1)
                : words.stream()
                        .filter(word -> word.startsWith("--tail="))
                        .map(word -> word.substring(7))
                        .findFirst()
                        .orElse("");
        int most = given.matches("\\d{1,9}") ? Integer.parseInt(given) : Integer.MAX_VALUE;
        return new Answer(0, container.printed(1, most), container.printed(2, most));
    }

    /** The value of {@code --format} or {@code -f}; empty: none. */
    static String format(List<String> words) {
        int at = Math.max(words.indexOf("--format"), words.indexOf("-f"));
        return at >= 0 && at + 1 < words.size()
                ? words.get(at + 1)
                : words.stream()
                        .filter(word -> word.startsWith("--format="))
                        .map(word -> word.substring(9))
                        .findFirst()
                        .orElse("");
    }
}
