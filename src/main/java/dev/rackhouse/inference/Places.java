package dev.rackhouse.inference;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inference.Place.Kind;
import dev.rackhouse.inference.Place.PlacedGpu;
import dev.rackhouse.inference.fit.Fit;
import dev.rackhouse.inference.fit.FitQuestion;
import dev.rackhouse.inference.fit.FitQuestion.Disk;
import dev.rackhouse.inference.fit.FitQuestion.Link;
import dev.rackhouse.inference.fit.Fitting;
import dev.rackhouse.inference.fit.GpuNow;
import dev.rackhouse.inference.fit.GpuShare;
import dev.rackhouse.inference.fit.UnifiedMemory;
import dev.rackhouse.inventory.GpuView;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.NodeView;
import dev.rackhouse.inventory.PciDeviceView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * All places where models can run, from what the inventory has seen, with memory as last measured; where nobody has measured, as planned
 * from the deployments that shall run. Asks no machine.
 */
@Service
public class Places {

    private final Inventory inventory;
    private final Deployments deployments;
    private final Models models;
    private final GpuReadings readings;

    Places(Inventory inventory, Deployments deployments, Models models, GpuReadings readings) {
        this.inventory = inventory;
        this.deployments = deployments;
        this.models = models;
        this.readings = readings;
    }

    /** Guests, Docker hosts and Macs, then cards that nobody has. */
    public List<Place> list() {
        Map<NodeRef, NodeView> nodes = new LinkedHashMap<>();
        inventory.nodes().forEach(n -> nodes.put(n.ref(), n));
        Registered known = registered();
        Map<String, List<GpuView>> byPlace = new LinkedHashMap<>();
        Map<String, @Nullable PlaceRef> refs = new LinkedHashMap<>();
        for (GpuView gpu : inventory.gpus()) {
            NodeView node = nodes.get(gpu.device().node());
            PlaceRef ref = ref(gpu, node);
            boolean free = ref == null && gpu.state() == GpuView.State.FREE;
            boolean given = ref instanceof PlaceRef.InGuest && computes(gpu);
            if (given || gpu.vram() != null && (ref != null || free)) {
                String key = ref == null ? "free:" + gpu.device().node() : ref.toString();
                refs.putIfAbsent(key, ref);
                byPlace.computeIfAbsent(key, k -> new ArrayList<>()).add(gpu);
            }
        }
        List<Place> places = new ArrayList<>();
        byPlace.forEach((key, gpus) -> places.add(place(refs.get(key), gpus, known)));
        for (UnifiedMachine machine : deployments.machines()) {
            places.add(mac(machine, known));
        }
        places.sort(java.util.Comparator.comparing(Place::kind).thenComparing(Place::title));
        return places;
    }

    /** What is stored, read once for a whole answer. */
    private record Registered(List<Deployment> all, List<Deployment> wanted, List<Model> models) {}

    private Registered registered() {
        return new Registered(deployments.list(), deployments.wanted(), models.list());
    }

    public Optional<Place> find(PlaceRef ref) {
        return list().stream().filter(p -> ref.equals(p.ref())).findFirst();
    }

    /** A card of the maker whose driver the engines need: counts also when only the guest can tell how much memory it has. */
    private static boolean computes(GpuView gpu) {
        return gpu.device().ids().startsWith("10de:");
    }

    /** A card in a guest is the guest's; a card that a host without Proxmox drives is a Docker host's. */
    private static @Nullable PlaceRef ref(GpuView gpu, @Nullable NodeView node) {
        PciDeviceView device = gpu.device();
        if (device.holder() != null) {
            return new PlaceRef.InGuest(device.holder().guest());
        }
        if (!device.wanted().isEmpty()) {
            return new PlaceRef.InGuest(device.wanted().getFirst().guest());
        }
        return node != null && !node.platform().equals("proxmox") && gpu.state() != GpuView.State.WEDGED
                ? new PlaceRef.OnHost(node.ref())
                : null;
    }

    private Place place(@Nullable PlaceRef ref, List<GpuView> gpus, Registered known) {
        PciDeviceView first = gpus.getFirst().device();
        List<GpuReading> measured = ref == null ? List.of() : readings.of(ref);
        GpuReading only = gpus.size() == 1 && measured.size() == 1 ? measured.getFirst() : null;
        List<PlacedGpu> placed = gpus.stream()
                .map(g -> gpu(g, ref, measured, only, known))
                .flatMap(Optional::stream)
                .toList();
        boolean running = first.holder() != null || !(ref instanceof PlaceRef.InGuest);
        String title = ref instanceof PlaceRef.InGuest
                ? (first.holder() == null
                                ? first.wanted().getFirst().label()
                                : first.holder().label()) + " on "
                        + first.node().node()
                : ref == null ? "free on " + first.node().node() : first.node().node();
        return new Place(
                ref,
                ref == null ? Kind.FREE_CARDS : ref instanceof PlaceRef.InGuest ? Kind.GUEST : Kind.DOCKER_HOST,
                title,
                gpus.getFirst().labName(),
                placed,
                null,
                Link.UNKNOWN,
                Disk.UNKNOWN,
                !measured.isEmpty(),
                ref == null
                        ? "No guest has these cards yet: create a passthrough VM first."
                        : !running
                                ? "The guest does not run."
                                : placed.isEmpty()
                                        ? "How much memory its card has is known when somebody has looked at it: begin a deployment."
                                        : "");
    }

    /**
     * Empty when nobody knows how much memory it has.
     *
     * @param only the reading of the place's only card, which needs no name to be recognised
     */
    private Optional<PlacedGpu> gpu(
            GpuView view,
            @Nullable PlaceRef ref,
            List<GpuReading> measured,
            @Nullable GpuReading only,
            Registered known) {
        PciAddress address = view.device().address();
        GpuPin registered = known.all().stream()
                .filter(d -> d.place().equals(ref))
                .flatMap(d -> d.gpus().stream())
                .filter(g -> address.equals(g.address()))
                .findFirst()
                .orElse(null);
        GpuPin pin = registered == null && only != null ? new GpuPin(only.uuid(), address) : registered;
        GpuReading reading = pin == null
                ? null
                : measured.stream()
                        .filter(r -> r.uuid().equals(pin.uuid()))
                        .findFirst()
                        .orElse(null);
        String label = "GPU " + view.index() + " · "
                + CardFacts.shortName(view.device().name());
        ByteSize vram = view.vram();
        ByteSize usable = reading != null && reading.usable() != null
                ? reading.usable()
                : vram == null ? null : CardFacts.usable(vram);
        if (usable == null) {
            return Optional.empty();
        }
        GpuNow now = reading != null && pin != null
                ? new GpuNow(pin.uuid(), label, usable, reading.free(), reading.capability(), reading.holders())
                : planned(pin, label, usable, view.device().ids(), address, known);
        return Optional.of(new PlacedGpu(now, pin, address));
    }

    /** Nobody has measured: what shall run there holds what it plans to. */
    private GpuNow planned(
            @Nullable GpuPin pin, String label, ByteSize usable, String ids, PciAddress address, Registered known) {
        List<GpuNow.Holder> holders = pin == null
                ? List.of()
                : known.wanted().stream()
                        .filter(d -> d.holds(pin))
                        .map(d -> new GpuNow.Holder(d.id().value(), held(d, label, usable, known), true))
                        .toList();
        long held = holders.stream().mapToLong(h -> h.memory().bytes()).sum();
        return new GpuNow(
                pin == null ? address.toString() : pin.uuid(),
                label,
                usable,
                holders.isEmpty() ? null : new ByteSize(Math.max(0, usable.bytes() - held)),
                CardFacts.capability(ids).orElse(null),
                holders);
    }

    /** What a deployment takes of one card of that size when it is alone there. */
    private ByteSize held(Deployment deployment, String label, ByteSize usable, Registered known) {
        List<GpuNow> empty = deployment.gpus().stream()
                .map(g -> new GpuNow(g.uuid(), label, usable, usable, null, List.of()))
                .toList();
        return question(deployment, where(deployment.engine(), empty, Link.UNKNOWN), known.models())
                .map(q -> Fitting.of(q).shown().gpus().getFirst())
                .map(Places::taken)
                .orElse(new ByteSize(0));
    }

    private static ByteSize taken(GpuShare share) {
        return new ByteSize(Math.min(
                share.usable().bytes(),
                share.weights().bytes() + share.overhead().bytes() + share.kv().bytes()));
    }

    private Place mac(UnifiedMachine machine, Registered known) {
        String name = machine.place() instanceof PlaceRef.OnHost host
                ? host.node().node()
                : machine.place().toString();
        String lab = inventory
                .lab(machine.place().lab())
                .map(dev.rackhouse.inventory.LabView::name)
                .orElse("removed lab");
        return new Place(
                machine.place(),
                Kind.MAC,
                name,
                lab,
                List.of(),
                beside(machine, null, known),
                Link.UNKNOWN,
                Disk.UNKNOWN,
                false,
                "");
    }

    /** The machine's memory with what all deployments that shall run there plan to take, but this one. */
    private UnifiedMemory beside(UnifiedMachine machine, @Nullable Deployment but, Registered known) {
        UnifiedMemory empty = machine.memory();
        long used = known.wanted().stream()
                .filter(d -> d.place().equals(machine.place()) && (but == null || !d.id().equals(but.id())))
                .map(d -> question(d, new FitQuestion.Unified(empty, Disk.UNKNOWN), known.models()))
                .flatMap(Optional::stream)
                .map(q -> Fitting.of(q).shown().gpus().getFirst())
                .mapToLong(share -> share.weights().bytes()
                        + share.overhead().bytes()
                        + share.kv().bytes())
                .sum();
        return new UnifiedMemory(empty.label(), empty.ram(), empty.wiredLimitMiB(), new ByteSize(used));
    }

    /** Whether a stored deployment fits where it shall run, beside what else runs there with it; empty when the place or a card is not seen. */
    public Optional<Fit> fit(Deployment deployment) {
        return fit(deployment, list());
    }

    /** The same with places that were read before. */
    public Optional<Fit> fit(Deployment deployment, List<Place> places) {
        Registered known = registered();
        return places.stream()
                .filter(p -> deployment.place().equals(p.ref()))
                .findFirst()
                .flatMap(place -> where(deployment, place, known))
                .flatMap(where -> question(deployment, where, known.models()))
                .map(Fitting::of);
    }

    private Optional<FitQuestion.Where> where(Deployment deployment, Place place, Registered known) {
        if (place.memory() != null) {
            return deployments.machines().stream()
                    .filter(m -> m.place().equals(deployment.place()))
                    .findFirst()
                    .map(m -> new FitQuestion.Unified(beside(m, deployment, known), place.disk()));
        }
        Set<String> rivals = rivals(deployment);
        List<GpuNow> gpus =
                place.gpusOf(deployment).stream().map(g -> without(g, rivals)).toList();
        return gpus.isEmpty() ? Optional.empty() : Optional.of(where(deployment.engine(), gpus, place.link()));
    }

    /** How a mode would fill its cards beside what runs in every mode: an answer for each of its deployments. */
    public Map<Deployment, Fit> alone(Mode mode, List<Place> places) {
        Map<Deployment, Fit> fits = new LinkedHashMap<>();
        List<Model> registered = models.list();
        Set<String> inModes = deployments.modes().stream()
                .filter(m -> m.place().equals(mode.place()))
                .flatMap(m -> m.deployments().stream())
                .map(DeploymentId::value)
                .collect(Collectors.toSet());
        places.stream().filter(p -> mode.place().equals(p.ref())).findFirst().ifPresent(place -> {
            for (DeploymentId id : mode.deployments()) {
                deployments.find(id).ifPresent(d -> {
                    List<GpuNow> gpus = place.gpusOf(d).stream()
                            .map(g -> without(g, inModes))
                            .toList();
                    if (!gpus.isEmpty()) {
                        question(d, where(d.engine(), gpus, place.link()), registered)
                                .ifPresent(q -> fits.put(d, Fitting.of(q)));
                    }
                });
            }
        });
        return fits;
    }

    /** Deployments that never run at the same time, since they stand only in other modes of the place. */
    private Set<String> rivals(Deployment deployment) {
        List<Mode> modes = deployments.modes().stream()
                .filter(m -> m.place().equals(deployment.place()))
                .toList();
        List<Mode> its = modes.stream()
                .filter(m -> m.deployments().contains(deployment.id()))
                .toList();
        return its.isEmpty()
                ? Set.of()
                : modes.stream()
                        .flatMap(m -> m.deployments().stream())
                        .filter(id ->
                                its.stream().noneMatch(m -> m.deployments().contains(id)))
                        .map(DeploymentId::value)
                        .collect(Collectors.toSet());
    }

    private static GpuNow without(GpuNow gpu, Set<String> gone) {
        GpuNow rest = gpu;
        for (GpuNow.Holder holder : gpu.holders()) {
            rest = gone.contains(holder.who()) ? rest.without(holder) : rest;
        }
        return rest;
    }

    private Optional<FitQuestion> question(Deployment deployment, FitQuestion.Where where, List<Model> known) {
        return known.stream()
                .filter(m -> m.id().equals(deployment.model()))
                .findFirst()
                .flatMap(model -> model.files(deployment.files())
                        .map(files -> new FitQuestion(
                                model.shape(),
                                files.weights(),
                                model.files().stream()
                                        .map(ModelFiles::weights)
                                        .filter(w -> !w.equals(files.weights()))
                                        .filter(deployments.engine(deployment.engine())::runs)
                                        .toList(),
                                deployment.profile(),
                                where)));
    }

    static FitQuestion.Where where(EngineKind engine, List<GpuNow> gpus, Link link) {
        return switch (engine) {
            case VLLM -> new FitQuestion.Vllm(gpus, link, Disk.UNKNOWN);
            case LLAMA_CPP, OLLAMA -> new FitQuestion.Llama(gpus, Disk.UNKNOWN);
        };
    }
}
