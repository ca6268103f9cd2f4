package dev.rackhouse.simulator.pve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rackhouse.simulator.world.LabSeed.GuestSeed;
import dev.rackhouse.simulator.world.Machine;
import dev.rackhouse.simulator.world.ServingControl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The control interface of a pretend Proxmox: JSON over plain HTTP, on loopback only.
 *
 * <table>
 * <caption>paths</caption>
 * <tr><td>GET /</td><td>nodes, ports, speed, faults</td></tr>
 * <tr><td>GET /counters, DELETE /counters</td><td>calls and effects by path; back to zero</td></tr>
 * <tr><td>GET /digest</td><td>hash of the world, whole and by part</td></tr>
 * <tr><td>POST /reset</td><td>everything as in the seed (machines in memory)</td></tr>
 * <tr><td>POST /speed {speed}, POST /clock {now}</td><td>time</td></tr>
 * <tr><td>GET, POST, DELETE /faults</td><td>{path, method, node, kind, status, text, millis, times}; kind: refuse, delay,
 * close, drop, garbage</td></tr>
 * <tr><td>POST /nodes/NAME {online}</td><td>power of a node</td></tr>
 * <tr><td>GET, POST /machines/NAME {...}</td><td>boots, firmware, disks and other people of a machine: see
 * {@code MachineControl}</td></tr>
 * <tr><td>POST /storages/ID {hanging, offline}</td><td>state of a storage</td></tr>
 * <tr><td>POST /quorum {quorate}</td><td>majority of the cluster</td></tr>
 * <tr><td>POST /guests {vmid, node}</td><td>somebody else takes a number</td></tr>
 * <tr><td>POST /guests {vmid, node, config}</td><td>a guest with this configuration runs, as if somebody had made it; one
 * that is there gets these keys and is started again</td></tr>
 * <tr><td>POST /guests {vmid, running: false}</td><td>somebody stops a guest</td></tr>
 * <tr><td>POST /guests/ID {lock, ignoresShutdown...}</td><td>sets configuration keys; empty removes</td></tr>
 * </table>
 */
final class ControlServer implements AutoCloseable {
    private final PveSimulator simulator;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    ControlServer(PveSimulator simulator, int port) throws IOException {
        this.simulator = simulator;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        int status = 200;
        Object answer;
        try (exchange) {
            try {
                answer = answer(exchange);
            } catch (IllegalArgumentException | ApiError e) {
                status = 400;
                answer = Map.of("error", String.valueOf(e.getMessage()));
            }
            byte[] body = Json.write(answer).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Object answer(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        Map<String, @Nullable Object> body = body(bytes);
        String[] path = exchange.getRequestURI().getPath().substring(1).split("/");
        String method = exchange.getRequestMethod();
        return switch (method + " " + path[0]) {
            case "GET " -> overview();
            case "GET counters" ->
                simulator
                        .counters()
                        .snapshot(ServingControl.effects(
                                machines(), simulator.world().tasks.effects()));
            case "DELETE counters", "POST counters" -> {
                simulator.counters().reset();
                yield Map.of();
            }
            case "GET digest" ->
                Map.of("digest", simulator.worldDigest(), "parts", WorldDigest.each(simulator.world()));
            case "POST reset" -> {
                simulator.reset();
                yield Map.of("digest", simulator.worldDigest());
            }
            case "POST speed" -> {
                simulator.speed(Double.parseDouble(text(body, "speed", "1")));
                yield Map.of();
            }
            case "POST clock" -> {
                simulator.clock(Long.parseLong(text(body, "now", "0")));
                yield Map.of();
            }
            case "GET faults" -> faults();
            case "POST faults" -> {
                simulator.faults().add(fault(body));
                yield faults();
            }
            case "DELETE faults" -> {
                simulator.faults().clear();
                yield Map.of();
            }
            case "GET machines", "POST machines" ->
                simulator.world().node(path[1]).machine.control(body);
            case "POST nodes" -> power(path[1], truth(body, "online", true));
            case "POST storages" -> {
                simulator.storage(path[1], truth(body, "hanging", false), truth(body, "offline", false));
                yield Map.of();
            }
            case "GET engines", "POST engines", "GET router", "POST router" ->
                ServingControl.answer(machines(), method, List.of(path), body);
            case "POST quorum" -> {
                simulator.world().quorate = truth(body, "quorate", true);
                yield Map.of();
            }
            case "POST guests" -> path.length > 1 ? change(Integer.parseInt(path[1]), body) : take(body);
            default -> throw new IllegalArgumentException("No such control: " + method + " /" + String.join("/", path));
        };
    }

    private List<Machine> machines() {
        return simulator.world().nodes.values().stream()
                .map(node -> node.machine)
                .toList();
    }

    private static Map<String, @Nullable Object> body(byte[] bytes) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        if (bytes.length > 0 && Json.plain(JsonMapper.shared().readTree(bytes)) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> body.put(String.valueOf(key), value));
        }
        return body;
    }

    private static String text(Map<String, @Nullable Object> body, String key, String otherwise) {
        Object value = body.get(key);
        return value == null ? otherwise : value.toString();
    }

    private static boolean truth(Map<String, @Nullable Object> body, String key, boolean otherwise) {
        String value = text(body, key, otherwise ? "true" : "false");
        return value.equals("true") || value.equals("1");
    }

    private Object overview() {
        List<Object> nodes = new ArrayList<>();
        simulator
                .nodes()
                .forEach(endpoint -> nodes.add(Map.of(
                        "node", endpoint.node(),
                        "url", endpoint.url().toString(),
                        "fingerprint", endpoint.fingerprint(),
                        "online", simulator.isUp(endpoint.node()))));
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("lab", simulator.seed().name());
        all.put("nodes", nodes);
        all.put("speed", simulator.world().clock.speed());
        all.put("now", simulator.world().now());
        all.put("faults", faults());
        return all;
    }

    private List<Object> faults() {
        List<Object> rows = new ArrayList<>();
        simulator
                .faults()
                .list()
                .forEach(fault -> rows.add(Map.of(
                        "path", fault.path().pattern(),
                        "method", fault.method(),
                        "node", fault.node(),
                        "kind", fault.kind(),
                        "times", fault.forever() ? 0 : fault.times().get())));
        return rows;
    }

    private static Faults.Fault fault(Map<String, @Nullable Object> body) {
        String kind = text(body, "kind", "refuse");
        if (!List.of("refuse", "delay", "close", "drop", "garbage").contains(kind)) {
            throw new IllegalArgumentException("No such fault: " + kind);
        }
        int times = Integer.parseInt(text(body, "times", "0"));
        return new Faults.Fault(
                text(body, "node", ""),
                text(body, "method", ""),
                Pattern.compile(text(body, "path", ".")),
                kind,
                Integer.parseInt(text(body, "status", "500")),
                text(body, "text", "refused on purpose"),
                Long.parseLong(text(body, "millis", "1000")),
                times == 0,
                new AtomicInteger(times));
    }

    private Object power(String node, boolean online) {
        if (online) {
            simulator.nodeCameUp(node);
        } else if (simulator.isUp(node)) {
            simulator.nodeWentDown(node);
        }
        return Map.of("online", simulator.isUp(node));
    }

    private Object take(Map<String, @Nullable Object> body) {
        World world = simulator.world();
        int vmid = Integer.parseInt(text(body, "vmid", "0"));
        String node = text(body, "node", world.nodes.keySet().iterator().next());
        if (!truth(body, "running", true)) {
            Guest there = world.guests.get(vmid);
            if (there != null && there.running) {
                GuestPower.stopped(world, world.node(there.node), there);
            }
            return Map.of("vmid", vmid);
        }
        if (body.get("config") instanceof Map<?, ?> config) {
            Map<String, String> values = new TreeMap<>();
            Guest there = world.guests.get(vmid);
            if (there != null) {
                values.putAll(there.config);
                if (there.running) {
                    GuestPower.stopped(world, world.node(there.node), there);
                }
            }
            config.forEach((key, value) -> values.put(String.valueOf(key), String.valueOf(value)));
            simulator.ensureGuest(new GuestSeed(
                    node,
                    text(body, "kind", "qemu"),
                    vmid,
                    values,
                    Map.of(),
                    List.of(),
                    List.of(),
                    true,
                    60L,
                    false,
                    null,
                    Map.of()));
            return Map.of("vmid", vmid);
        }
        world.locked(() -> {
            if (!world.guests.containsKey(vmid)) {
                Guest guest = Guest.made(
                        text(body, "kind", "qemu"), vmid, world.node(node).name());
                guest.config.put("memory", "512");
                guest.config.put("name", text(body, "name", "taken"));
                world.guests.put(vmid, guest);
                world.written(guest);
            }
        });
        return Map.of("vmid", vmid);
    }

    private Object change(int vmid, Map<String, @Nullable Object> body) {
        World world = simulator.world();
        world.locked(() -> {
            Guest guest = world.guests.get(vmid);
            if (guest == null) {
                throw new IllegalArgumentException("No guest " + vmid);
            }
            body.forEach((key, value) -> {
                if (value == null || value.toString().isEmpty()) {
                    guest.config.remove(key);
                } else {
                    guest.config.put(key, value.toString());
                }
            });
            world.written(guest);
        });
        return Map.of("vmid", vmid);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
