package dev.rackhouse.inference;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.SecretSource;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.inference.fit.ServingProfile.KvType;
import dev.rackhouse.inference.fit.ServingProfile.Precision;
import dev.rackhouse.inference.route.RouterKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The file that declares models, deployments, modes, routes and routers. Labs stand in it by name; what belongs to a lab that is not connected is
 * left out and named in {@code leftOut}, so that a file for several labs serves also where some are missing.
 *
 * @param routerKeys where the keys of routers come from, by the router's name
 */
record InferenceFile(
        List<Model> models,
        List<UnifiedMachine> machines,
        List<Deployment> deployments,
        List<Mode> modes,
        List<Route> routes,
        List<Router> routers,
        Map<String, SecretSource> routerKeys,
        List<String> leftOut) {

    InferenceFile {
        models = List.copyOf(models);
        machines = List.copyOf(machines);
        deployments = List.copyOf(deployments);
        modes = List.copyOf(modes);
        routes = List.copyOf(routes);
        routers = List.copyOf(routers);
        routerKeys = Map.copyOf(routerKeys);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * @param labs finds a lab by its name
     * @throws YamlEntry.Wrong saying what and where
     */
    static InferenceFile read(String yaml, Function<String, Optional<LabId>> labs) {
        YamlEntry root = YamlEntry.root(yaml).knows("models", "machines", "deployments", "modes", "routes", "routers");
        List<String> leftOut = new ArrayList<>();
        List<Model> models = root.entries("models").stream()
                .map(e -> ModelYaml.model(e, false))
                .toList();
        List<UnifiedMachine> machines = new ArrayList<>();
        for (YamlEntry e : root.entries("machines")) {
            e.knows("place", "chip", "ramMiB", "wiredLimitMiB");
            place(e.entry("place"), labs)
                    .ifPresent(p -> machines.add(e.made(each -> new UnifiedMachine(
                            p, each.text("chip"), each.number("ramMiB", 0), each.number("wiredLimitMiB", 0)))));
        }
        List<Deployment> deployments = new ArrayList<>();
        for (YamlEntry e : root.entries("deployments")) {
            place(e.entry("place"), labs)
                    .ifPresentOrElse(
                            p -> deployments.add(e.made(each -> deployment(each, p))),
                            () -> leftOut.add(e.text("name")));
        }
        List<Mode> modes = new ArrayList<>();
        for (YamlEntry e : root.entries("modes")) {
            mode(e, deployments, leftOut).ifPresent(modes::add);
        }
        List<Route> routes = new ArrayList<>();
        for (YamlEntry e : root.entries("routes")) {
            route(e, leftOut).ifPresent(routes::add);
        }
        List<Router> routers = new ArrayList<>();
        Map<String, SecretSource> keys = new HashMap<>();
        for (YamlEntry e : root.entries("routers")) {
            e.knows("name", "kind", "place", "port", "clients", "file", "key");
            place(e.entry("place"), labs).ifPresent(p -> {
                Router router = e.made(each -> router(each, p));
                routers.add(router);
                if (e.has("key")) {
                    keys.put(router.name(), e.secret("key"));
                }
            });
        }
        return new InferenceFile(models, machines, deployments, modes, routes, routers, keys, leftOut);
    }

    private static Router router(YamlEntry e, PlaceRef place) {
        int port = e.number("port", 0);
        return new Router(
                e.text("name"),
                RouterKind.parse(e.text("kind")),
                place,
                port,
                e.number("clients", port),
                e.has("file") ? e.text("file") : null,
                true);
    }

    private static Optional<PlaceRef> place(YamlEntry entry, Function<String, Optional<LabId>> labs) {
        entry.knows("lab", "guest", "host");
        if (entry.has("guest") == entry.has("host")) {
            throw new YamlEntry.Wrong("place", "needs a lab, and either guest or host");
        }
        return labs.apply(entry.text("lab"))
                .map(lab -> entry.made(e -> e.has("guest")
                        ? new PlaceRef.InGuest(new GuestRef(lab, new VmId(e.number("guest", 0))))
                        : new PlaceRef.OnHost(new NodeRef(lab, e.text("host")))));
    }

    private static Deployment deployment(YamlEntry e, PlaceRef place) {
        e.knows("name", "model", "files", "engine", "place", "gpus", "image", "port", "serves", "directory", "profile");
        return new Deployment(
                new DeploymentId(e.text("name")),
                new ModelId(e.text("model")),
                e.text("files"),
                EngineKind.parse(e.text("engine")),
                place,
                e.entries("gpus").stream()
                        .map(g -> g.knows("uuid", "address")
                                .made(each -> new GpuPin(
                                        each.text("uuid"),
                                        each.has("address") ? PciAddress.parse(each.text("address")) : null)))
                        .toList(),
                e.text("image"),
                e.number("port", 0),
                e.text("serves"),
                e.text("directory"),
                e.entry("profile").made(InferenceFile::profile),
                true);
    }

    private static ServingProfile profile(YamlEntry e) {
        e.knows(
                "utilization",
                "context",
                "sequences",
                "batch",
                "microBatch",
                "prefixCaching",
                "chunkedPrefill",
                "customAllReduce",
                "eager",
                "precision",
                "kv",
                "wholeWindows",
                "sleep");
        ServingProfile seeds = ServingProfile.seeds(e.number("context", 8192));
        return new ServingProfile(
                e.decimal("utilization", seeds.utilization()),
                seeds.contextTokens(),
                e.number("sequences", seeds.sequences()),
                e.number("batch", seeds.batchTokens()),
                e.number("microBatch", seeds.microBatchTokens()),
                e.flag("prefixCaching", seeds.prefixCaching()),
                e.flag("chunkedPrefill", seeds.chunkedPrefill()),
                e.flag("customAllReduce", seeds.customAllReduce()),
                e.flag("eager", seeds.eager()),
                Precision.valueOf(e.text("precision", "auto").toUpperCase(Locale.ROOT)),
                KvType.valueOf(e.text("kv", "auto").toUpperCase(Locale.ROOT)),
                e.flag("wholeWindows", seeds.wholeWindows()),
                e.flag("sleep", seeds.sleep()));
    }

    private static Optional<Mode> mode(YamlEntry e, List<Deployment> deployments, List<String> leftOut) {
        e.knows("name", "title", "deployments", "desired");
        List<DeploymentId> members = e.made(each ->
                each.texts("deployments").stream().map(DeploymentId::new).toList());
        if (members.stream().anyMatch(m -> leftOut.contains(m.value()))) {
            return Optional.empty();
        }
        PlaceRef place = deployments.stream()
                .filter(d -> members.contains(d.id()))
                .map(Deployment::place)
                .findFirst()
                .orElseThrow(() -> new YamlEntry.Wrong("modes", e.text("name") + " names no deployment of this file"));
        return Optional.of(e.made(each ->
                new Mode(each.text("name"), each.text("title"), place, members, each.flag("desired", false), true)));
    }

    private static Optional<Route> route(YamlEntry e, List<String> leftOut) {
        e.knows("name", "main", "fallback");
        String main = e.text("main");
        String fallback = e.text("fallback", "");
        if (leftOut.contains(main) || leftOut.contains(fallback)) {
            return Optional.empty();
        }
        return Optional.of(e.made(each -> new Route(
                each.text("name"),
                new DeploymentId(main),
                fallback.isEmpty() ? null : new DeploymentId(fallback),
                true)));
    }
}
