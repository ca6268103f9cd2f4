package dev.rackhouse.simulator.pve;

import dev.rackhouse.simulator.world.AgentAnswer;
import dev.rackhouse.simulator.world.MachineRefusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The guest agent: what it says about the guest, commands in the guest, files. */
final class AgentCalls {
    private static final String PATH = "/nodes/{node}/qemu/{vmid}/agent";

    private AgentCalls() {}

    static void register(Calls calls) {
        calls.on("GET " + PATH, req -> List.of(Map.of("name", "exec"), Map.of("name", "ping")));
        for (String name : List.of(
                "get-fsinfo",
                "get-host-name",
                "get-osinfo",
                "get-time",
                "get-timezone",
                "get-users",
                "get-vcpus",
                "info",
                "network-get-interfaces")) {
            calls.waiting("GET " + PATH + "/" + name, req -> info(req, name));
        }
        calls.waiting("POST " + PATH + "/ping", req -> {
            ready(req);
            return Map.of("result", Map.of());
        });
        calls.waiting("POST " + PATH + "/fsfreeze-freeze", req -> number(req, 2));
        calls.waiting("POST " + PATH + "/fsfreeze-thaw", req -> number(req, 2));
        calls.waiting("POST " + PATH + "/fsfreeze-status", req -> {
            ready(req);
            return Map.of("result", "thawed");
        });
        calls.waiting("POST " + PATH + "/fstrim", req -> {
            ready(req);
            return Map.of("result", Map.of("paths", List.of()));
        });
        calls.waiting("POST " + PATH + "/exec", AgentCalls::exec);
        calls.waiting("GET " + PATH + "/exec-status", AgentCalls::execStatus);
        calls.waiting("GET " + PATH + "/file-read", AgentCalls::fileRead);
        calls.waiting("POST " + PATH + "/file-write", AgentCalls::fileWrite);
    }

    /** The guest, with an agent that answers; else the server's refusals, one of them after 3 s. */
    private static Guest ready(Req req) throws InterruptedException {
        Guest guest = req.world.locked(req::guest);
        String agent = req.world.locked(() -> guest.config.get("agent"));
        if (agent == null) {
            throw ApiError.died("No QEMU guest agent configured");
        }
        if (!guest.running) {
            throw ApiError.died("VM " + guest.vmid + " is not running");
        }
        boolean enabled = "1".equals(PropertyString.parse("qemu-agent", agent).get("enabled"));
        if (!enabled || guest.paused || !req.node().machine.agentRunning(guest.vmid)) {
            req.world.clock.pause(Duration.ofSeconds(3));
            throw ApiError.died("QEMU guest agent is not running");
        }
        return guest;
    }

    private static Object number(Req req, int value) throws InterruptedException {
        ready(req);
        return Map.of("result", value);
    }

    private static Object info(Req req, String command) throws InterruptedException {
        Guest guest = ready(req);
        Object told = req.node().machine.agentInfo(guest.vmid, command);
        if (told == null) {
            told = switch (command) {
                case "get-host-name" -> Map.of("host-name", guest.name());
                case "get-time" -> req.world.now() * 1_000_000_000L;
                case "get-timezone" -> Map.of("zone", "UTC", "offset", 0);
                case "get-users", "get-fsinfo", "network-get-interfaces" -> List.of();
                case "get-vcpus" -> List.of(Map.of("logical-id", 0, "online", true, "can-offline", false));
                case "info" -> Map.of("version", "8.2.2", "supported_commands", List.of());
                default -> Map.of("id", "linux", "name", "Linux", "kernel-release", "6.8.0");
            };
        }
        return Map.of("result", told);
    }

    private static Object exec(Req req) throws InterruptedException {
        Guest guest = ready(req);
        List<String> command = req.list("command");
        String input = req.get("input-data", "");
        long pid = req.world.agentRuns.begin(guest.vmid);
        try {
            if (command.isEmpty()) {
                throw new MachineRefusal("Guest agent command failed: empty command");
            }
            Thread runner = Thread.ofVirtual().unstarted(() -> run(req, guest.vmid, pid, command, input));
            runner.start();
        } catch (MachineRefusal e) {
            throw ApiError.died("Agent error: " + e.getMessage());
        }
        return Map.of("pid", pid);
    }

    private static void run(Req req, int vmid, long pid, List<String> command, String input) {
        try {
            AgentAnswer answer = req.node().machine.agentExec(vmid, command, input.getBytes(StandardCharsets.UTF_8));
            req.world.agentRuns.end(vmid, pid, answer);
        } catch (MachineRefusal e) {
            req.world.agentRuns.end(vmid, pid, new AgentAnswer(127, "", e.getMessage() + "\n"));
        }
    }

    private static Object execStatus(Req req) throws InterruptedException {
        Guest guest = ready(req);
        long pid = req.number("pid", 0L);
        AgentRuns.State state = req.world.agentRuns.read(guest.vmid, pid);
        if (state == null) {
            throw ApiError.died("Agent error: Invalid parameter 'pid'");
        }
        Map<String, @Nullable Object> status = new LinkedHashMap<>();
        AgentAnswer answer = state.answer();
        status.put("exited", answer == null ? 0 : 1);
        if (answer != null) {
            status.put("exitcode", answer.exitCode());
            if (!answer.output().isEmpty()) {
                status.put("out-data", answer.output());
            }
            if (!answer.errors().isEmpty()) {
                status.put("err-data", answer.errors());
            }
        }
        return status;
    }

    private static Object fileRead(Req req) throws InterruptedException {
        Guest guest = ready(req);
        String file = req.get("file");
        String written = req.world.agentRuns.files.get(guest.vmid + file);
        if (written != null) {
            return Map.of("content", written, "bytes-read", written.length());
        }
        try {
            AgentAnswer answer = req.node().machine.agentExec(guest.vmid, List.of("cat", file), new byte[0]);
            if (answer.exitCode() != 0) {
                throw ApiError.died("Agent error: failed to open file '" + file + "': No such file or directory");
            }
            return Map.of(
                    "content", answer.output(), "bytes-read", answer.output().length());
        } catch (MachineRefusal e) {
            throw ApiError.died("Agent error: failed to open file '" + file + "': No such file or directory");
        }
    }

    private static @Nullable Object fileWrite(Req req) throws InterruptedException {
        Guest guest = ready(req);
        String content = req.get("content");
        boolean plain = !req.has("encode") || req.flag("encode");
        byte[] bytes;
        try {
            bytes = plain
                    ? content.getBytes(StandardCharsets.UTF_8)
                    : Base64.getDecoder().decode(content);
        } catch (IllegalArgumentException e) {
            throw ApiError.died("Agent error: Invalid base64 data");
        }
        try {
            req.node().machine.agentExec(guest.vmid, List.of("tee", req.get("file")), bytes);
        } catch (MachineRefusal e) {
            req.world.agentRuns.files.put(guest.vmid + req.get("file"), new String(bytes, StandardCharsets.UTF_8));
        }
        return null;
    }
}
