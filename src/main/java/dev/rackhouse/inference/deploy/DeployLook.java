package dev.rackhouse.inference.deploy;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.EngineCall;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuReading;
import dev.rackhouse.inference.GpuReadings;
import dev.rackhouse.inference.ModelFiles;
import dev.rackhouse.inference.OllamaModel;
import dev.rackhouse.inference.fit.GpuNow;
import dev.rackhouse.inference.route.KeyedRouters;
import dev.rackhouse.inference.route.RouteController;
import dev.rackhouse.inference.route.RoutesNow;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Machines;
import dev.rackhouse.runbook.MetGuests;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Looks at a place before something is deployed there; changes nothing. Blocks, usually some seconds. */
@Component
class DeployLook {

    private static final Duration TIME = Duration.ofSeconds(90);
    private static final int MOST_CONTAINERS = 100;

    private final Machines machines;
    private final GpuReadings readings;
    private final List<RouteController> controllers;
    private final KeyedRouters routers;
    private final Clock clock;
    private final MetGuests keys = new MetGuests();

    DeployLook(
            Machines machines,
            GpuReadings readings,
            List<RouteController> controllers,
            KeyedRouters routers,
            Clock clock) {
        this.machines = machines;
        this.readings = readings;
        this.controllers = List.copyOf(controllers);
        this.routers = routers;
        this.clock = clock;
    }

    /**
     * @param routers that may lead there; one that does not answer is among the facts without its routes
     * @throws RemoteFailure when the place is not reached, or what it prints cannot be read
     */
    DeployFacts read(Host host, Deployment deployment, ModelFiles files, List<RouterSeen> routers) {
        LookOutput seen = look(host, deployment, files);
        readings.put(deployment.place(), seen.gpus());
        EngineCall call = new EngineCall(host);
        String version = "";
        boolean handsOut = false;
        List<SeenContainer> containers = List.of();
        List<String> entrypoint = null;
        try {
            Answer info = machines.call(call.docker("/info"), keys);
            version = info.textAt("/ServerVersion").orElse("");
            handsOut = DeployConditions.handsOutGpus(info);
            containers = containers(host);
            Answer image = machines.call(call.docker("/images/" + deployment.image() + "/json"), keys);
            entrypoint = image.succeeded() ? DeployConditions.entrypoint(image) : null;
        } catch (RemoteFailure noDocker) {
            version = "";
        }
        String free = seen.values().getOrDefault("free", "");
        return new DeployFacts(
                seen.values().getOrDefault("os", ""),
                seen.values().getOrDefault("driver", ""),
                version,
                handsOut,
                seen.gpus(),
                containers,
                seen.listeners(),
                free.matches("\\d{1,15}") ? Long.valueOf(Long.parseLong(free) >> 10) : null,
                seen.values().getOrDefault("weights", "").equals("1"),
                held(host, deployment, containers, seen),
                entrypoint,
                routers.stream().map(this::asked).toList());
    }

    private RouterSeen asked(RouterSeen router) {
        RouteController controller = controllers.stream()
                .filter(c -> c.kind() == router.at().kind())
                .findFirst()
                .orElseThrow();
        RoutesNow now = null;
        try {
            Answer answer = switch (routers.withKey(controller.look(router.at()), router.at())) {
                case ServiceCall call -> machines.call(call, keys);
                case Shell shell -> machines.run(shell.host(), shell.script(), "", shell.timeout(), keys);
                case Command other -> throw new IllegalStateException("A look only reads: " + other);
            };
            now = controller.read(answer).orElse(null);
        } catch (RemoteFailure silent) {
            now = null;
        }
        return new RouterSeen(router.at(), router.lock(), router.here(), now);
    }

    /** What the processes of its own container hold, by GPU; their pids are those that nvidia-smi shows on the same machine. */
    private Map<String, Long> held(Host host, Deployment deployment, List<SeenContainer> containers, LookOutput seen) {
        boolean runs = containers.stream()
                .anyMatch(c -> c.name().equals(deployment.id().value()) && c.running());
        if (!runs) {
            return Map.of();
        }
        Set<String> pids =
                pids(machines.call(new EngineCall(host).docker("/containers/" + deployment.id() + "/top"), keys));
        Map<String, Long> held = new HashMap<>();
        for (GpuReading gpu : seen.gpus()) {
            for (GpuNow.Holder holder : gpu.holders()) {
                if (pids.stream().anyMatch(pid -> holder.who().endsWith("(pid " + pid + ")"))) {
                    held.merge(gpu.uuid(), holder.memory().bytes() >> 20, Long::sum);
                }
            }
        }
        return held;
    }

    private static Set<String> pids(Answer top) {
        List<String> titles = top.at("/Titles").filter(JsonNode::isArray).stream()
                .flatMap(JsonNode::valueStream)
                .map(title -> title.asString(""))
                .toList();
        int column = titles.indexOf("PID");
        Set<String> pids = new HashSet<>();
        if (column >= 0) {
            top.at("/Processes")
                    .ifPresent(rows ->
                            rows.forEach(row -> pids.add(row.path(column).asString(""))));
        }
        return pids;
    }

    /** All containers of a place, at most a hundred. */
    List<SeenContainer> containers(Host host) {
        EngineCall call = new EngineCall(host);
        List<SeenContainer> containers = new ArrayList<>();
        List<JsonNode> rows = machines.call(call.docker("/containers/json?all=true"), keys)
                .json()
                .filter(JsonNode::isArray)
                .map(list -> list.valueStream().limit(MOST_CONTAINERS).toList())
                .orElse(List.of());
        for (JsonNode row : rows) {
            String id = row.path("Id").asString("");
            if (id.matches("[0-9a-f]{12,64}")) {
                SeenContainer.parse(machines.call(call.inspect(id), keys).text())
                        .ifPresent(containers::add);
            }
        }
        return containers;
    }

    private LookOutput look(Host host, Deployment deployment, ModelFiles files) {
        boolean hub = deployment.engine() == EngineKind.VLLM;
        String directory = deployment.modelDirectory();
        String path = switch (deployment.engine()) {
            case VLLM -> DeployScripts.hubFolder(directory, files.source());
            case LLAMA_CPP -> directory + "/" + files.source();
            case OLLAMA ->
                OllamaModel.named(files.source())
                        ? OllamaModel.of(files.source()).manifest(directory)
                        : directory + "/" + files.source();
        };
        Answer answer = machines.run(host, DeployScripts.look(directory, path, hub), "", TIME, keys);
        return LookOutput.parse(answer.text(), clock.instant())
                .orElseThrow(() -> new RemoteFailure.Unreadable(
                        "look at what is there for models",
                        host.label(),
                        answer.error().isBlank()
                                ? "what it printed is not complete"
                                : answer.error().strip(),
                        "Look again; when it stays so, sign in there and see what hangs.",
                        null));
    }
}
