package dev.rackhouse.simulator.world;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What whoever controls a lab asks and wishes of the engines and routers on its machines and in their guests; {@code vmid} 0 or none
 * means the machine itself.
 *
 * <table>
 * <caption>paths</caption>
 * <tr><td>GET /engines</td><td>containers and programs with phase, requests and tokens, and who holds the cards' memory</td></tr>
 * <tr><td>POST /engines/fault</td><td>{@code {"node", "vmid", "container", "fault", "times"}}: {@code oom}, {@code no-kv},
 * {@code nccl-hang}, {@code slow-load}, {@code exit-at-weights} and {@code awq-slow} meet the next starts, {@code wedge},
 * {@code dead-but-200}, {@code no-wake} and {@code sleep-holds} come at once, {@code none} ends all</td></tr>
 * <tr><td>POST /engines/gpu</td><td>{@code {"node", "vmid", "uuid", "state": "lost" or "ok", "foreignMiB"}}</td></tr>
 * <tr><td>GET /router/NODE/VMID</td><td>{@code {"clients", "control"}}: real addresses, for load from outside</td></tr>
 * <tr><td>POST /router/fault</td><td>{@code {"fault": "refuse", "slow" or "none"}}, of all routers or of one {@code node} and
 * {@code vmid}</td></tr>
 * <tr><td>POST /router/kind</td><td>{@code {"node", "vmid", "kind": "rackhouse", "llama-swap", "litellm" or "traefik-file"}}: what
 * stands before the engines from now on, as if it had always been there</td></tr>
 * </table>
 */
public final class ServingControl {
    private ServingControl() {}

    /** @throws IllegalArgumentException when there is no such thing */
    public static Object answer(
            Collection<? extends Machine> machines,
            String method,
            List<String> path,
            Map<String, @Nullable Object> body) {
        String call = method + " " + String.join("/", path.subList(0, Math.min(2, path.size())));
        if (call.equals("GET engines")) {
            List<Object> engines = new ArrayList<>();
            List<Object> gpus = new ArrayList<>();
            machines.forEach(machine -> machine.showServing(engines, gpus));
            return Map.of("engines", engines, "gpus", gpus);
        }
        if (call.equals("POST router/fault") && body.get("node") == null) {
            machines.forEach(machine -> machine.controlServing("router/fault", 0, body));
            return Map.of();
        }
        if (path.size() == 3 && method.equals("GET") && path.getFirst().equals("router")) {
            return machine(machines, path.get(1)).controlServing("router", vmid(path.get(2)), body);
        }
        if (List.of("POST engines/fault", "POST engines/gpu", "POST router/fault", "POST router/kind")
                .contains(call)) {
            return machine(machines, String.valueOf(body.get("node")))
                    .controlServing(String.join("/", path), vmid(String.valueOf(body.getOrDefault("vmid", "0"))), body);
        }
        throw new IllegalArgumentException("No such control: " + method + " /" + String.join("/", path));
    }

    /** How often each thing was changed on the machines and in their guests. */
    public static Map<String, Integer> effects(Collection<? extends Machine> machines, Map<String, Integer> others) {
        Map<String, Integer> all = new TreeMap<>(others);
        machines.forEach(machine -> machine.effects().forEach((what, count) -> all.merge(what, count, Integer::sum)));
        return all;
    }

    private static Machine machine(Collection<? extends Machine> machines, String name) {
        return machines.stream()
                .filter(machine -> machine.node().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No machine " + name));
    }

    private static int vmid(String text) {
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    /** One row with the place in front. */
    public static Map<String, Object> row(String node, int vmid, Map<String, Object> what) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("node", node);
        row.put("vmid", vmid);
        row.putAll(what);
        return row;
    }
}
