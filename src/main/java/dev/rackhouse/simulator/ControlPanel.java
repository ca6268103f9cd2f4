package dev.rackhouse.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rackhouse.simulator.host.SimulatedMachine;
import dev.rackhouse.simulator.host.SoftwareFaults;
import dev.rackhouse.simulator.lab.RunningLab;
import dev.rackhouse.simulator.pve.PveSimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One address for the whole simulator: JSON over plain HTTP, on loopback only.
 *
 * <table>
 * <caption>paths</caption>
 * <tr><td>GET /</td><td>what runs and where</td></tr>
 * <tr><td>GET /counters</td><td>by lab: calls and effects of the Proxmox side by path; commands and files over SSH by
 * machine</td></tr>
 * <tr><td>any /labs/LAB/pve/...</td><td>the control interface of that lab's Proxmox side ({@code /faults},
 * {@code /reset}, {@code /nodes/NAME}...)</td></tr>
 * <tr><td>POST /labs/LAB/ssh/MACHINE</td><td>failures: {@code {"refuse": true}}, {@code {"slowMillis": 500}},
 * {@code {"dropNextCommandAfterMillis": 50}}, {@code {"changeHostKey": true}}, {@code {"vanish": true}} (power off; the
 * Proxmox side sees it), {@code {"powerOn": true}}, {@code {"clear": true}}</td></tr>
 * <tr><td>POST /labs/LAB/software/VMID</td><td>what goes wrong inside a running guest: {@code {"noNetwork": true}},
 * {@code {"noSpace": true}}, {@code {"locked": true}}; false ends it</td></tr>
 * <tr><td>GET, POST /labs/LAB/engines/..., /labs/LAB/router/...</td><td>engines and routers, also without a Proxmox side: see
 * {@code ServingControl}</td></tr>
 * <tr><td>GET, POST /labs/LAB/machines/MACHINE</td><td>boots, firmware, disks and other people of a machine, also without
 * a Proxmox side: the keys stand at {@code MachineControl}</td></tr>
 * </table>
 */
final class ControlPanel implements AutoCloseable {
    private final List<RunningLab> labs;
    private final Map<String, Object> overview;
    private final HttpServer server;
    private final HttpClient http = HttpClient.newHttpClient();

    /** @param overview answer to GET /, may still be filled after the start */
    ControlPanel(List<RunningLab> labs, Map<String, Object> overview, int port) throws IOException {
        this.labs = labs;
        this.overview = overview;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            int status = 200;
            String text;
            try {
                text = answer(exchange);
            } catch (IllegalArgumentException wrong) {
                status = 400;
                text = JsonMapper.shared().writeValueAsString(Map.of("error", String.valueOf(wrong.getMessage())));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
            byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private String answer(HttpExchange exchange) throws IOException, InterruptedException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String[] path = exchange.getRequestURI().getPath().substring(1).split("/");
        String method = exchange.getRequestMethod();
        if (path[0].isEmpty()) {
            return JsonMapper.shared().writeValueAsString(overview);
        }
        if (path[0].equals("counters") && method.equals("GET")) {
            return JsonMapper.shared().writeValueAsString(counters());
        }
        if (path.length >= 3 && path[0].equals("labs")) {
            RunningLab lab = lab(path[1]);
            if (path[2].equals("pve")) {
                String rest = "/" + String.join("/", Arrays.copyOfRange(path, 3, path.length));
                return passOn(lab, method, rest, body);
            }
            if (path[2].equals("engines") || path[2].equals("router")) {
                List<String> rest = List.of(path).subList(2, path.length);
                return JsonMapper.shared().writeValueAsString(lab.serving(method, rest, wishes(body)));
            }
            if (path[2].equals("machines") && path.length == 4) {
                return JsonMapper.shared().writeValueAsString(lab.control(path[3], wishes(body)));
            }
            if (path[2].equals("ssh") && path.length == 4 && method.equals("POST")) {
                ssh(lab, path[3], JsonMapper.shared().readTree(body));
                return "{}";
            }
            if (path[2].equals("software") && path.length == 4 && method.equals("POST")) {
                software(lab, path[3], JsonMapper.shared().readTree(body));
                return "{}";
            }
        }
        throw new IllegalArgumentException(
                "No such control: " + method + " " + exchange.getRequestURI().getPath());
    }

    private static Map<String, @Nullable Object> wishes(byte[] body) {
        Map<String, @Nullable Object> wishes = new LinkedHashMap<>();
        if (body.length > 0 && JsonMapper.shared().readValue(body, Object.class) instanceof Map<?, ?> given) {
            given.forEach((key, value) -> wishes.put(String.valueOf(key), value));
        }
        return wishes;
    }

    private RunningLab lab(String name) {
        return labs.stream()
                .filter(lab -> lab.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No lab " + name + " runs here"));
    }

    private String passOn(RunningLab lab, String method, String path, byte[] body)
            throws IOException, InterruptedException {
        PveSimulator proxmox = lab.proxmox()
                .orElseThrow(() -> new IllegalArgumentException("Lab " + lab.name() + " has no Proxmox side"));
        HttpRequest request = HttpRequest.newBuilder(URI.create(proxmox.control() + path))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 400) {
            throw new IllegalArgumentException(answer.body());
        }
        return answer.body();
    }

    private Map<String, Object> counters() throws IOException, InterruptedException {
        Map<String, Object> all = new LinkedHashMap<>();
        for (RunningLab lab : labs) {
            Map<String, Object> one = new LinkedHashMap<>();
            if (lab.proxmox().isPresent()) {
                one.put("proxmox", JsonMapper.shared().readTree(passOn(lab, "GET", "/counters", new byte[0])));
            }
            Map<String, Object> ssh = new LinkedHashMap<>();
            lab.hosts().forEach(machine -> ssh.put(machine.node(), machine.sshCounters()));
            one.put("ssh", ssh);
            one.put("effects", lab.effects());
            all.put(lab.name(), one);
        }
        return all;
    }

    private static void ssh(RunningLab lab, String name, JsonNode wanted) {
        SimulatedMachine machine = lab.host(name)
                .orElseThrow(() -> new IllegalArgumentException("No machine " + name + " in lab " + lab.name()));
        if (wanted.has("clear")) {
            machine.sshFaults().clear();
            machine.refuseSsh(false);
        }
        if (wanted.has("refuse")) {
            machine.refuseSsh(wanted.get("refuse").asBoolean());
        }
        if (wanted.has("slowMillis")) {
            machine.sshFaults().slow(wanted.get("slowMillis").asLong());
        }
        if (wanted.has("dropNextCommandAfterMillis")) {
            machine.sshFaults()
                    .dropNextCommandAfter(
                            wanted.get("dropNextCommandAfterMillis").asLong());
        }
        if (wanted.has("changeHostKey")) {
            machine.changeHostKey();
        }
        if (wanted.has("vanish")) {
            lab.proxmox().ifPresent(proxmox -> proxmox.nodeWentDown(name));
            machine.restart(true, () -> {});
        }
        if (wanted.has("powerOn")) {
            machine.powerOn(() -> lab.proxmox().ifPresent(proxmox -> proxmox.nodeCameUp(name)));
        }
    }

    private static void software(RunningLab lab, String vmid, JsonNode wanted) {
        SoftwareFaults faults = lab.hosts().stream()
                .map(machine -> machine.guestFaults(Integer.parseInt(vmid)))
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No guest " + vmid + " has run in lab " + lab.name()));
        if (wanted.has("noNetwork")) {
            faults.noNetwork(wanted.get("noNetwork").asBoolean());
        }
        if (wanted.has("noSpace")) {
            faults.noSpace(wanted.get("noSpace").asBoolean());
        }
        if (wanted.has("locked")) {
            faults.locked(wanted.get("locked").asBoolean());
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
