package dev.rackhouse.inference.swap;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.Mode;
import dev.rackhouse.inference.Model.Purpose;
import dev.rackhouse.inference.ModelId;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.Route;
import dev.rackhouse.inference.fit.Fit;
import dev.rackhouse.inference.fit.MemoryPlan;
import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.inference.live.StartTimes;
import dev.rackhouse.inference.route.ClientRoute;
import dev.rackhouse.inference.route.ClientRoute.State;
import dev.rackhouse.inference.route.RouteController;
import dev.rackhouse.inference.route.RouterAt;
import dev.rackhouse.inference.route.RouterControllers;
import dev.rackhouse.inference.route.RouterKind;
import dev.rackhouse.inference.route.RoutesNow;
import dev.rackhouse.inference.swap.SwapFacts.Load;
import dev.rackhouse.inference.swap.SwapFacts.SeenContainer;
import dev.rackhouse.runbook.Host;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** thor's guest with its fast pair up, and what can be otherwise about it. */
public final class ThorSwaps {

    static final String GPU0 = "GPU-aaaaaaaa-0000-4000-8000-000000000000";
    static final String GPU1 = "GPU-bbbbbbbb-0000-4000-8000-000000000000";
    static final NodeRef THOR = new NodeRef(new LabId(new UUID(0, 1)), "thor");
    public static final PlaceRef GUEST = new PlaceRef.InGuest(new GuestRef(THOR.lab(), new VmId(110)));
    static final Host HOST = new Host.GuestVia(THOR, "ubuntu", "10.0.10.110", 22);
    static final RouterAt ROUTER = new RouterAt("thor-router", RouterKind.RACKHOUSE, HOST, 4001, 4000, null, null);
    static final String VLLM = "vllm/vllm-openai:v0.29.0";

    final Map<String, SeenContainer> containers = new HashMap<>();
    final List<String> apps = new ArrayList<>();
    final List<String> xids = new ArrayList<>();
    final List<String> cards = new ArrayList<>();
    final Map<DeploymentId, Fit> fits = new HashMap<>();
    final Map<DeploymentId, StartTimes> starts = new HashMap<>();
    final Map<String, Load> loads = new HashMap<>();
    final List<String> troubles = new ArrayList<>();
    final Map<String, Boolean> sleeping = new HashMap<>();
    final Map<DeploymentId, ByteSize> weights = new HashMap<>();
    final Set<String> maySleep = new HashSet<>();
    long freeRamMiB = 100_000;
    Set<String> images = Set.of(VLLM);

    @Nullable
    RouterAt router = ROUTER;

    @Nullable
    RoutesNow routes = new RoutesNow(
            List.of(
                    new ClientRoute(
                            "nomic-embed-text", "http://127.0.0.1:8090", "nomic-embed-text", State.ACTIVE, 0, "", ""),
                    new ClientRoute("qwen2.5-14b", "http://127.0.0.1:8001", "qwen2.5-14b", State.ACTIVE, 0, "", ""),
                    new ClientRoute("qwen2.5-32b", "http://127.0.0.1:8002", "qwen2.5-32b", State.OFF, 0, "", ""),
                    new ClientRoute("qwen2.5-7b", "http://127.0.0.1:8000", "qwen2.5-7b", State.ACTIVE, 0, "", "")),
            "");

    @Nullable
    String heldBy;

    String desired = "fast-pair";

    public ThorSwaps() {
        up("vllm-7b", List.of(GPU0), 19800, "VLLM::EngineCore");
        up("vllm-14b", List.of(GPU1), 12100, "VLLM::EngineCore");
        up("embed-thor", List.of(GPU0), 900, "llama-server");
        stopped("vllm-32b", List.of(GPU0, GPU1));
        cards.add(GPU0 + ", 00000000:01:00.0, NVIDIA GeForce RTX 3090, 24576, 21000, 3200");
        cards.add(GPU1 + ", 00000000:02:00.0, NVIDIA GeForce RTX 3090, 24576, 12300, 11900");
        fits.put(new DeploymentId("vllm-32b"), fits(87680, false));
        fits.put(new DeploymentId("vllm-7b"), fits(89168, false));
        fits.put(new DeploymentId("vllm-14b"), fits(59312, false));
    }

    static Fit fits(long tokens, boolean tight) {
        return new Fit.Fits(new MemoryPlan(List.of(), 32768, tokens, tokens / 32768.0, tight, ""), List.of());
    }

    static String id(String name) {
        return String.format(
                "%064x", new java.math.BigInteger(1, name.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    void up(String name, List<String> gpus, int usedMiB, String process) {
        put(name, gpus, "running", name, "unless-stopped");
        for (String gpu : gpus) {
            app(gpu, 4000 + apps.size(), usedMiB, process, "0::/system.slice/docker-" + id(name) + ".scope");
        }
    }

    void app(String gpu, int pid, int usedMiB, String process, String group) {
        apps.add("APP\t" + gpu + ", " + pid + ", " + usedMiB + ", " + process + "\t" + group);
    }

    void stopped(String name, List<String> gpus) {
        put(name, gpus, "exited", name, "unless-stopped");
        apps.removeIf(a -> a.contains(id(name)));
    }

    void put(String name, List<String> gpus, String state, String label, String restart) {
        String image = name.startsWith("vllm") ? VLLM : "ghcr.io/ggml-org/llama.cpp:server-cuda";
        containers.put(
                name, new SeenContainer(id(name), name, image, state, label, restart, gpus, maySleep.contains(name)));
    }

    /** Engines that may sleep, with weights of so many GiB, and were started so. */
    ThorSwaps maySleep(int weightsGiB, String... names) {
        for (String name : names) {
            weights.put(new DeploymentId(name), ByteSize.ofGiB(weightsGiB));
            maySleep.add(name);
            SeenContainer was = java.util.Objects.requireNonNull(containers.get(name));
            put(name, was.gpus(), was.state(), name, "unless-stopped");
            if (was.state().equals("running")) {
                sleeping.put(name, false);
            }
        }
        return this;
    }

    /** It runs and sleeps, and keeps so much of its cards. */
    ThorSwaps asleep(String name, List<String> gpus, int keepsMiB) {
        apps.removeIf(a -> a.contains(id(name)));
        up(name, gpus, keepsMiB, "VLLM::EngineCore");
        maySleep(10, name);
        sleeping.put(name, true);
        return this;
    }

    /** The 32B runs instead of the pair. */
    ThorSwaps swapped() {
        stopped("vllm-7b", List.of(GPU0));
        stopped("vllm-14b", List.of(GPU1));
        up("vllm-32b", List.of(GPU0, GPU1), 21300, "VLLM::Worker_TP");
        desired = "tensor-parallel-32b";
        routes = new RoutesNow(
                List.of(
                        new ClientRoute("qwen2.5-14b", "http://127.0.0.1:8001", "qwen2.5-14b", State.OFF, 0, "off", ""),
                        new ClientRoute("qwen2.5-32b", "http://127.0.0.1:8002", "qwen2.5-32b", State.ACTIVE, 0, "", ""),
                        new ClientRoute("qwen2.5-7b", "http://127.0.0.1:8000", "qwen2.5-7b", State.OFF, 0, "off", "")),
                "");
        return this;
    }

    String look() {
        List<String> lines = new ArrayList<>(List.of("BEGIN\t1"));
        cards.forEach(c -> lines.add("GPU\t" + c));
        lines.add("CODE\t0");
        lines.addAll(apps);
        lines.add("RAM\t" + freeRamMiB * 1024);
        lines.add("UP\t100000");
        xids.forEach(x -> lines.add("XID\t" + x));
        lines.add("END\t1");
        return String.join("\n", lines) + "\n";
    }

    static RouteController controller(RouterKind kind) {
        return RouterControllers.all().stream()
                .filter(c -> c.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    public SwapSite site() {
        List<Deployment> deployments = List.of(
                deployment("vllm-7b", EngineKind.VLLM, 8000, "qwen2.5-7b", GPU0),
                deployment("vllm-14b", EngineKind.VLLM, 8001, "qwen2.5-14b", GPU1),
                deployment("vllm-32b", EngineKind.VLLM, 8002, "qwen2.5-32b", GPU0, GPU1),
                deployment("embed-thor", EngineKind.LLAMA_CPP, 8090, "nomic-embed-text", GPU0));
        return new SwapSite(
                GUEST,
                HOST,
                "110 ai-inference on thor",
                List.of(
                        mode("fast-pair", "Fast pair", "vllm-7b", "vllm-14b"),
                        mode("tensor-parallel-32b", "32B tensor parallel", "vllm-32b")),
                deployments,
                Map.of(new DeploymentId("embed-thor"), Purpose.EMBEDDING),
                Map.of(),
                weights,
                List.of(
                        route("qwen2.5-7b", "vllm-7b"),
                        route("qwen2.5-14b", "vllm-14b"),
                        route("qwen2.5-32b", "vllm-32b")),
                fits,
                starts,
                router,
                List.of(),
                heldBy,
                new SwapFacts(
                        containers, images, CardsLook.parse(look()).orElse(null), routes, sleeping, loads, troubles));
    }

    SwapReadiness to(String mode) {
        return Swap.assess(SwapDraft.to(GUEST, mode), site());
    }

    SwapPlan plan(String mode) {
        return switch (to(mode)) {
            case SwapReadiness.Ready ready -> ready.plan();
            case SwapReadiness.Blocked blocked ->
                throw new AssertionError(blocked.findings().toString());
        };
    }

    private Mode mode(String id, String title, String... members) {
        return new Mode(
                id,
                title,
                GUEST,
                java.util.Arrays.stream(members).map(DeploymentId::new).toList(),
                id.equals(desired),
                true);
    }

    private static Route route(String name, String main) {
        return new Route(name, new DeploymentId(main), null, true);
    }

    private Deployment deployment(String id, EngineKind kind, int port, String serves, String... gpus) {
        return new Deployment(
                new DeploymentId(id),
                new ModelId("some-model"),
                "awq",
                kind,
                GUEST,
                java.util.Arrays.stream(gpus).map(g -> new GpuPin(g, null)).toList(),
                kind == EngineKind.VLLM ? VLLM : "ghcr.io/ggml-org/llama.cpp:server-cuda",
                port,
                serves,
                "/srv/hf",
                ServingProfile.seeds(32768).withSleep(weights.containsKey(new DeploymentId(id))),
                true);
    }
}
