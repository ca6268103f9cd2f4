package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import dev.rackhouse.simulator.serving.Container;
import dev.rackhouse.simulator.serving.ContainerJson;
import dev.rackhouse.simulator.serving.DockerDaemon;
import dev.rackhouse.simulator.serving.DockerRefusal;
import dev.rackhouse.simulator.serving.EngineApi;
import dev.rackhouse.simulator.serving.Pulls;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Docker's command line on a pretend computer; it and the Engine API act on the same daemon. */
final class Docker {
    static final String DOWN =
            "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final DockerDaemon daemon;
    private final Pulls pulls;
    private final EngineApi api;
    private final DockerRun runs;

    Docker(Box box, DockerDaemon daemon, GpuDriver driver, NvidiaSmi smi, Pace pace) {
        this.daemon = daemon;
        this.pulls = new Pulls(daemon);
        this.api = new EngineApi(daemon, pulls);
        this.runs = new DockerRun(box, daemon, driver, smi, pace, this::pull);
    }

    DockerDaemon daemon() {
        return daemon;
    }

    Answer run(CommandDoor.Call call) {
        List<String> words = call.words();
        JsonNode running = daemon.configuration();
        if (call.streams() != null) {
            return DockerDial.run(call.streams(), running == null ? null : api.address());
        }
        String verb = words.isEmpty() ? "" : words.getFirst();
        List<String> rest = words.isEmpty() ? List.of() : words.subList(1, words.size());
        if (verb.equals("container") && !rest.isEmpty()) {
            verb = rest.getFirst();
            rest = rest.subList(1, rest.size());
        }
        if (verb.equals("--version")) {
            return Answer.ok("Docker version " + DockerDaemon.VERSION + ", build 28.2.2-0ubuntu1~24.04.1\n");
        }
        if (running == null) {
            return Answer.failed(1, DOWN);
        }
        try {
            return answer(verb, rest, running);
        } catch (DockerRefusal refused) {
            return Answer.failed(1, "Error response from daemon: " + refused.sentence() + "\n");
        }
    }

    private Answer answer(String verb, List<String> rest, JsonNode running) throws DockerRefusal {
        return switch (verb) {
            case "info" -> info(rest, running);
            case "version" -> Answer.ok(DockerDaemon.VERSION + "\n");
            case "ps", "ls" -> DockerPs.list(daemon, rest);
            case "pull" -> pull(last(rest));
            case "images" -> images();
            case "image" -> image(rest);
            case "rmi" -> remove(rest);
            case "run" -> runs.run(rest, running, false);
            case "create" -> runs.run(rest, running, true);
            case "inspect" -> inspect(rest);
            case "logs" -> DockerPs.logs(daemon.get(last(rest)), rest);
            case "exec" -> execute(rest);
            case "start", "stop", "restart", "kill", "rm", "rename" -> act(verb, rest);
            default ->
                Answer.failed(
                        1,
                        "docker: unknown command: docker " + verb + "\n\nRun 'docker --help' for more information\n");
        };
    }

    private Answer execute(List<String> words) throws DockerRefusal {
        List<String> rest =
                words.stream().dropWhile(word -> word.startsWith("-")).toList();
        if (rest.size() < 2) {
            return Answer.failed(1, "docker: 'docker exec' requires at least 2 arguments\n");
        }
        try {
            DockerDaemon.Executed done = daemon.execute(daemon.get(rest.getFirst()), rest.subList(1, rest.size()));
            return new Answer(done.code(), done.out(), done.err());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Answer.failed(130, "context canceled\n");
        }
    }

    private static String last(List<String> words) {
        return words.isEmpty() ? "" : words.getLast();
    }

    private Answer info(List<String> words, JsonNode running) {
        Map<String, String> values = new LinkedHashMap<>();
        Map<String, Object> runtimes = new TreeMap<>(Map.of("runc", Map.of("path", "runc")));
        running.path("runtimes")
                .propertyStream()
                .forEach(r -> runtimes.put(
                        r.getKey(), Map.of("path", r.getValue().path("path").asString(""))));
        values.put("Runtimes", JSON.writeValueAsString(runtimes));
        values.put("CDISpecDirs", DockerRun.cdi(running) ? "[\"/etc/cdi\",\"/var/run/cdi\"]" : "[]");
        values.put("ServerVersion", "\"" + DockerDaemon.VERSION + "\"");
        values.put("DefaultRuntime", "\"" + running.path("default-runtime").asString("runc") + "\"");
        values.put(
                "ContainersRunning",
                "" + daemon.all().stream().filter(Container::running).count());
        String format = DockerPs.format(words);
        if (format.isEmpty()) {
            return Answer.ok("Client: Docker Engine - Community\nServer:\n Server Version: " + DockerDaemon.VERSION
                    + "\n Runtimes: " + String.join(" ", runtimes.keySet()) + "\n");
        }
        String text = format;
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("{{json ." + value.getKey() + "}}", value.getValue())
                    .replace("{{." + value.getKey() + "}}", value.getValue().replaceAll("^\"|\"$", ""));
        }
        return Answer.ok(text + "\n");
    }

    private Answer pull(String image) {
        if (image.isEmpty()) {
            return Answer.failed(1, "docker: 'docker pull' requires 1 argument\n");
        }
        try {
            boolean fresh = pulls.pull(image);
            String name = DockerRun.tagged(image);
            String id = daemon.imageId(image).orElse("");
            return Answer.ok("Digest: " + id + "\nStatus: "
                    + (fresh ? "Downloaded newer image for " : "Image is up to date for ") + name + "\n"
                    + "docker.io/" + (image.contains("/") ? "" : "library/") + name + "\n");
        } catch (DockerRefusal refused) {
            boolean daemonSays = !refused.sentence().startsWith("failed to register layer");
            return Answer.failed(1, (daemonSays ? "Error response from daemon: " : "") + refused.sentence() + "\n");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Answer.failed(130, "context canceled\n");
        }
    }

    private Answer images() {
        return Answer.ok(String.join("\n", daemon.imageNames()) + "\n");
    }

    private Answer image(List<String> words) throws DockerRefusal {
        String verb = words.isEmpty() ? "" : words.getFirst();
        return switch (verb) {
            case "inspect" -> {
                String id = daemon.imageId(last(words)).orElse("");
                yield id.isEmpty()
                        ? new Answer(1, "[]\n", "Error response from daemon: No such image: " + last(words) + "\n")
                        : Answer.ok(
                                "[{\"Id\":\"" + id + "\",\"RepoTags\":[\"" + DockerRun.tagged(last(words)) + "\"]}]\n");
            }
            case "ls" -> images();
            case "rm" -> remove(words.subList(1, words.size()));
            default -> Answer.failed(1, "docker: unknown command: docker image " + verb + "\n");
        };
    }

    private Answer remove(List<String> words) throws DockerRefusal {
        daemon.removeImage(last(words), words.contains("-f") || words.contains("--force"));
        return Answer.ok("Untagged: " + DockerRun.tagged(last(words)) + "\n");
    }

    private Answer inspect(List<String> words) throws DockerRefusal {
        String name = last(words);
        return Answer.ok(JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(List.of(ContainerJson.inspect(daemon, daemon.get(name))))
                + "\n");
    }

    private Answer act(String verb, List<String> words) throws DockerRefusal {
        double seconds = 10;
        boolean force = false;
        List<String> names = new java.util.ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (List.of("-t", "--time", "--timeout", "-s", "--signal").contains(word) && i + 1 < words.size()) {
                String value = words.get(++i);
                seconds = word.contains("-t") && value.matches("\\d{1,6}") ? Double.parseDouble(value) : seconds;
            } else if (word.startsWith("-")) {
                force |= word.contains("f");
            } else {
                names.add(word);
            }
        }
        if (verb.equals("rename")) {
            if (names.size() != 2) {
                return Answer.failed(1, "docker: 'docker rename' requires 2 arguments\n");
            }
            daemon.rename(daemon.get(names.getFirst()), names.getLast());
            return Answer.ok("");
        }
        for (String name : names) {
            Container container = daemon.get(name);
            switch (verb) {
                case "start" -> daemon.start(container);
                case "stop" -> daemon.stop(container, seconds);
                case "restart" -> {
                    daemon.stop(container, seconds);
                    daemon.start(container);
                }
                case "kill" -> daemon.kill(container);
                default -> daemon.remove(container, force);
            }
        }
        return Answer.ok(names.stream().map(name -> name + "\n").collect(Collectors.joining()));
    }

    void stop() {
        daemon.stop();
        api.close();
    }

    void powerOff() {
        daemon.powerOff();
        api.close();
    }
}
