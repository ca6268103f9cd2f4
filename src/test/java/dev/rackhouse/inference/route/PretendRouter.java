package dev.rackhouse.inference.route;

import com.sun.net.httpserver.HttpServer;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.Judging;
import dev.rackhouse.runbook.NamedCondition;
import dev.rackhouse.runbook.Service;
import dev.rackhouse.simulator.serving.Computer;
import dev.rackhouse.simulator.serving.Effects;
import dev.rackhouse.simulator.serving.GpuRack;
import dev.rackhouse.simulator.serving.MainMemory;
import dev.rackhouse.simulator.serving.Ports;
import dev.rackhouse.simulator.serving.Routers;
import dev.rackhouse.simulator.serving.Tempo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A computer with one router, three engines behind it, and a console's hand that sends commands there. */
final class PretendRouter implements Computer, AutoCloseable {

    static final Host HOST = new Host.Node(new NodeRef(new LabId(new UUID(0, 1)), "helium"));
    static final String FILE = "/etc/traefik/dynamic/llm.yaml";
    static final String KEY = "sk-pretend-master-key";

    private static final List<NamedCondition> CONDITIONS =
            List.of(new RouteStands(), new RoutesIdle(), new LiteLlmStands(), new TraefikStands());

    private static final String SEED = """
            {"routes": [
               {"name": "large", "backend": "http://127.0.0.1:8002", "model": "large", "state": "off", "retryAfter": 0, "message": ""},
               {"name": "middle", "backend": "http://127.0.0.1:8001", "model": "middle", "state": "active", "retryAfter": 0, "message": ""},
               {"name": "small", "backend": "http://127.0.0.1:8000", "model": "small", "state": "active", "retryAfter": 0, "message": ""}],
             "profiles": {"pair": ["small", "middle"], "deep": ["large"]}}
            """;

    private final Map<String, String> files = new ConcurrentHashMap<>();
    private final Ports ports = new Ports();
    private final Effects effects = new Effects();
    private final Map<Integer, HttpServer> engines = new HashMap<>();
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Routers routers = new Routers(this, effects);
    private final MainMemory memory = new MainMemory(this);
    private final String key;
    final RouterAt at;

    PretendRouter(RouterKind kind) throws IOException {
        this(kind, kind.needsKey() ? KEY : "");
    }

    PretendRouter(RouterKind kind, String key) throws IOException {
        this.key = key;
        at = new RouterAt(
                "edge",
                kind,
                HOST,
                switch (kind) {
                    case RACKHOUSE -> 4001;
                    case LITELLM -> 4000;
                    case LLAMA_SWAP, TRAEFIK_FILE -> 8080;
                },
                switch (kind) {
                    case RACKHOUSE, LITELLM -> 4000;
                    case LLAMA_SWAP -> 8080;
                    case TRAEFIK_FILE -> 80;
                },
                kind == RouterKind.TRAEFIK_FILE ? FILE : null,
                kind.needsKey() ? "router.edge" : null);
        engine(8000, "small");
        engine(8001, "middle");
        engine(8002, "large");
        JsonNode seed = JsonMapper.shared().readTree(SEED);
        files.put("/var/lib/llm-router/routes.json", seed.path("routes").toString());
        routers.start();
        routers.use(kind.word(), seed);
    }

    private void engine(int port, String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/chat/completions", exchange -> {
            asked.merge(name, 1, Integer::sum);
            JsonNode body = JsonMapper.shared().readTree(exchange.getRequestBody());
            boolean mine = body.path("model").asString("").equals(name);
            byte[] text = ("{\"model\":\"" + name + "\",\"choices\":[]}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(mine ? 200 : 404, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        server.start();
        engines.put(port, server);
    }

    /** How often the engine was made to compute. */
    int asked(String engine) {
        return asked.getOrDefault(engine, 0);
    }

    Map<String, Integer> effects() {
        return effects.counts();
    }

    Map<String, String> disk() {
        return new TreeMap<>(files);
    }

    void restart() {
        routers.close();
        routers.start();
    }

    // ---- the console's hand

    RoutesNow look(RouteController controller) throws Exception {
        return controller.read(send(controller.look(at))).orElseThrow();
    }

    Answer send(Command command) throws Exception {
        return switch (command) {
            case ServiceCall call -> {
                Service.LocalPort port = (Service.LocalPort) call.service();
                HttpResponse<String> answer = http(
                        port.port(),
                        call.method().name(),
                        call.path(),
                        call.body(),
                        port.bearer().replace("{secret.router.edge}", key));
                yield Answer.service(answer.statusCode(), answer.body());
            }
            case FileEdit edit -> {
                if (!Objects.equals(edit.before(), files.get(edit.path()))) {
                    throw new AssertionError(edit.path() + " is not as planned");
                }
                files.put(edit.path(), Objects.requireNonNull(edit.after()));
                yield Answer.file(edit.after());
            }
            case Shell _ -> Answer.shell(0, files.getOrDefault(FILE, ""), "");
            default -> throw new AssertionError("no router is told by " + command);
        };
    }

    Judgement judge(Check check) throws Exception {
        return Judging.of(check, send(check.read()), CONDITIONS);
    }

    /** Some need a moment until they have taken a change over. */
    void awaitThat(Check check) throws Exception {
        for (int i = 0; i < 500 && !judge(check).holds(); i++) {
            LockSupport.parkNanos(10_000_000);
        }
        Judgement last = judge(check);
        if (!last.holds()) {
            throw new AssertionError(last.because());
        }
    }

    // ---- a client

    HttpResponse<String> ask(String prefix, String name) throws Exception {
        return http(
                at.clients(),
                "POST",
                prefix + "/v1/chat/completions",
                "{\"model\":\"" + name + "\",\"messages\":[]}",
                key);
    }

    private HttpResponse<String> http(int port, String method, String path, @Nullable String body, String bearer)
            throws Exception {
        InetSocketAddress real = Objects.requireNonNull(ports.real(port), "nobody listens on " + port);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + real.getPort() + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (!bearer.isEmpty()) {
            request.header("Authorization", "Bearer " + bearer);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        routers.close();
        engines.values().forEach(server -> server.stop(0));
    }

    // ---- the computer

    @Override
    public String name() {
        return "helium";
    }

    @Override
    public Tempo tempo() {
        return new Tempo(1000);
    }

    @Override
    public GpuRack gpus() {
        return new GpuRack();
    }

    @Override
    public Ports ports() {
        return ports;
    }

    @Override
    public Optional<String> read(String path) {
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public void write(String path, String text) {
        files.put(path, text);
    }

    @Override
    public void delete(String path) {
        files.keySet().removeIf(file -> file.equals(path) || file.startsWith(path + "/"));
    }

    @Override
    public List<String> names(String folder) {
        return new ArrayList<>();
    }

    @Override
    public boolean noNetwork() {
        return false;
    }

    @Override
    public boolean noSpace() {
        return false;
    }

    @Override
    public long memoryBytes() {
        return 1L << 34;
    }

    @Override
    public MainMemory memory() {
        return memory;
    }

    @Override
    public int cpus() {
        return 2;
    }

    @Override
    public @Nullable InetSocketAddress reach(String host, int port) {
        HttpServer engine = engines.get(port);
        return engine == null ? null : engine.getAddress();
    }
}
