package dev.rackhouse.inference.live;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Machines;
import dev.rackhouse.runbook.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A place with Docker, cards and engines, as a look meets it. Tests move it; it notes what it was asked. */
final class PretendPlace implements Machines {

    static final class Box {
        final String id;
        final String name;
        String state = "running";
        String status = "Up 1 second";

        @Nullable
        String startedAt;

        int exitCode;
        final List<String> log = new ArrayList<>();

        Box(String id, String name) {
            this.id = id.repeat(64 / id.length());
            this.name = name;
        }
    }

    final Map<String, Box> boxes = new LinkedHashMap<>();
    /** Answers by port and path; none: nobody listens. */
    final Map<String, Answer> ports = new LinkedHashMap<>();

    final List<String> asked = new ArrayList<>();
    String gpus = "== rackhouse cards\n== rackhouse code 127\n== rackhouse end\n";
    Answer programs = Answer.shell(0, "", "");
    boolean reachable = true;

    Box box(String id, String name) {
        Box box = new Box(id, name);
        boxes.put(name, box);
        return box;
    }

    void answers(int port, String path, String text) {
        ports.put(port + path, Answer.service(200, text));
    }

    long count(String part) {
        return asked.stream().filter(a -> a.contains(part)).count();
    }

    @Override
    public Answer call(ServiceCall call, GuestKeys keys) {
        reached();
        asked.add(call.service().label() + " " + call.method() + " " + call.path());
        return switch (call.service()) {
            case Service.DockerEngine docker -> docker(call.path());
            case Service.LocalPort port -> {
                Answer answer = ports.get(port.port() + call.path());
                if (answer == null) {
                    throw new RemoteFailure.Unreachable("ask", "110", "connection refused", "Look there.", null);
                }
                yield answer;
            }
        };
    }

    private Answer docker(String path) {
        if (path.startsWith("/v1.44/containers/json")) {
            return Answer.service(
                    200,
                    "["
                            + String.join(
                                    ",",
                                    boxes.values().stream()
                                            .map(b -> """
                    {"Id":"%s","Names":["/%s"],"Image":"i:1","State":"%s","Status":"%s","Labels":{}}""".formatted(b.id, b.name, b.state, b.status))
                                            .toList())
                            + "]");
        }
        Box box = boxes.values().stream()
                .filter(b -> path.contains(b.id))
                .findFirst()
                .orElseThrow();
        if (path.contains("/logs?")) {
            double since = Double.parseDouble(path.replaceAll(".*since=([0-9.]+).*", "$1"));
            return Answer.service(
                    200,
                    String.join(
                            "\n",
                            box.log.stream()
                                    .filter(l -> seconds(Instant.parse(l.substring(0, l.indexOf(' ')))) >= since)
                                    .toList()));
        }
        return Answer.service(200, """
                {"State":{"Status":"%s","StartedAt":"%s","ExitCode":%d,"OOMKilled":false,"Error":""},"RestartCount":0}""".formatted(
                        box.state, Objects.requireNonNullElse(box.startedAt, "0001-01-01T00:00:00Z"), box.exitCode));
    }

    private static double seconds(Instant at) {
        return at.toEpochMilli() / 1000.0;
    }

    @Override
    public Answer run(Host host, String commandLine, String stdin, Duration timeout, GuestKeys keys) {
        reached();
        asked.add("sh " + (stdin.contains("nvidia-smi") ? "gpus" : "programs"));
        return stdin.contains("nvidia-smi") ? Answer.shell(0, gpus, "") : programs;
    }

    private void reached() {
        if (!reachable) {
            throw new RemoteFailure.Unreachable(
                    "run a command", "ubuntu@10.0.10.110", "no route to host", "See whether the guest runs.", null);
        }
    }

    @Override
    public Answer call(ApiCall call) {
        throw new AssertionError("the API is not asked");
    }

    @Override
    public @Nullable String read(Host host, String path, GuestKeys keys) {
        throw new AssertionError("no file is read");
    }

    @Override
    public void write(Host host, String path, String content, String owner, String mode, GuestKeys keys) {
        throw new AssertionError("nothing is written");
    }

    @Override
    public void writeInPlace(Host host, String path, String line, GuestKeys keys) {
        throw new AssertionError("nothing is written");
    }

    @Override
    public void delete(Host host, String path, GuestKeys keys) {
        throw new AssertionError("nothing is deleted");
    }

    @Override
    public String tokenUser(LabId lab) {
        return "";
    }

    @Override
    public String name(LabId lab) {
        return "thor";
    }
}
