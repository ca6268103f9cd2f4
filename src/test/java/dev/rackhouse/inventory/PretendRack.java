package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.proxmox.PveAnswer;
import dev.rackhouse.proxmox.PveClient;
import dev.rackhouse.proxmox.PveMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One lab without network: answers the calls that discovery makes, and records them. */
final class PretendRack implements Connections {

    static final JsonMapper JSON = JsonMapper.builder().build();

    final LabId lab = LabId.random();
    String name = "targaryen";
    boolean paused;
    boolean proxmox = true;
    List<String> hosts = new ArrayList<>();
    final Map<String, ObjectNode> rows = new LinkedHashMap<>();
    final Map<String, JsonNode> answers = new LinkedHashMap<>();
    final Map<String, String> reports = new LinkedHashMap<>();
    final Map<String, String> boots = new LinkedHashMap<>();
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());

    @Nullable
    RemoteFailure down;

    static PretendRack cluster() {
        var rack = new PretendRack();
        rack.node("caraxes", "online");
        rack.node("meraxes", "online");
        rack.guest(100, "nas", "caraxes", "running");
        rack.guest(101, "ollama", "caraxes", "stopped");
        rack.guest(200, "ai-prod", "meraxes", "running");
        return rack;
    }

    ObjectNode node(String node, String status) {
        ObjectNode row = rows.computeIfAbsent("node/" + node, k -> JSON.createObjectNode());
        row.put("type", "node").put("node", node).put("status", status);
        if (status.equals("online")) {
            row.put("maxcpu", 16).put("maxmem", 67362951168L).put("maxdisk", 98559365120L);
            row.put("cpu", 0.07)
                    .put("mem", 25143316480L)
                    .put("disk", 31457280000L)
                    .put("uptime", 1814523);
        } else {
            row.remove(List.of("maxcpu", "maxmem", "maxdisk", "cpu", "mem", "disk", "uptime"));
        }
        return row;
    }

    ObjectNode guest(int vmid, String name, String node, String status) {
        ObjectNode row = rows.computeIfAbsent("qemu/" + vmid, k -> JSON.createObjectNode());
        row.put("type", "qemu")
                .put("vmid", vmid)
                .put("name", name)
                .put("node", node)
                .put("status", status);
        row.put("template", 0).put("maxcpu", 4).put("maxmem", 17179869184L).put("maxdisk", 34359738368L);
        row.put("tags", "ai;gpu").put("cpu", 0.04).put("mem", 1589123481L).put("uptime", 1814001);
        return row;
    }

    ObjectNode storage(String node, String storage, long used, long total) {
        ObjectNode row = rows.computeIfAbsent("storage/" + node + "/" + storage, k -> JSON.createObjectNode());
        row.put("type", "storage").put("node", node).put("storage", storage).put("plugintype", "zfspool");
        row.put("content", "rootdir,images").put("shared", 0).put("status", "available");
        return row.put("disk", used).put("maxdisk", total);
    }

    void answer(String path, String json) {
        answers.put(path, JSON.readTree(json));
    }

    /** What a host of the samples printed. */
    static String sample(String host) {
        try (var in = PretendRack.class.getResourceAsStream("/facts/hosts/" + host + "/probe.txt")) {
            return new String(Objects.requireNonNull(in, host).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long countOf(String pathPart) {
        return calls.stream().filter(c -> c.contains(pathPart)).count();
    }

    @Override
    public List<Connected> labs() {
        return List.of(new Connected(lab, name, paused, proxmox, hosts));
    }

    @Override
    public PveClient proxmox(LabId id) {
        return PveClient.over(this::call);
    }

    private PveAnswer call(
            String doing, PveMethod method, String path, Map<String, ? extends List<String>> parameters) {
        calls.add(path);
        RemoteFailure failure = down;
        if (failure != null) {
            throw failure;
        }
        JsonNode data = answers.get(path);
        if (data == null && path.equals("/cluster/resources")) {
            ArrayNode all = JSON.createArrayNode();
            var shuffled = new ArrayList<>(rows.values());
            Collections.shuffle(shuffled);
            shuffled.forEach(r -> all.add(r.deepCopy()));
            data = all;
        }
        if (data == null) {
            data = path.endsWith("/config") ? JSON.createObjectNode() : JSON.createArrayNode();
        }
        return new PveAnswer(data, null, null, "");
    }

    @Override
    public int callsInTheLastMinute(LabId id) {
        return calls.size();
    }

    @Override
    public String probe(NodeRef node) {
        calls.add("probe " + node.node());
        String report = reports.get(node.node());
        if (report == null) {
            throw new RemoteFailure.TimedOut(
                    "probe", node.node(), "SSH timed out", "Check that the node is on and in the network.", null);
        }
        return report;
    }

    @Override
    public String bootId(NodeRef node) {
        calls.add("boot " + node.node());
        String boot = boots.get(node.node());
        if (boot == null) {
            throw new RemoteFailure.Unreachable(
                    "look", node.node(), "connection refused", "Check that sshd runs there.", null);
        }
        return boot;
    }

    static RemoteFailure unreachable() {
        return new RemoteFailure.Unreachable(
                "read the cluster's resources",
                "targaryen (Proxmox, 10.0.10.41:8006)",
                "no route to host",
                "Check that the node is on and in the network.",
                null);
    }
}
