package dev.rackhouse.inference.deploy;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.ContainerBody;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.EngineSteps;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.GpuReading;
import dev.rackhouse.inference.LaunchSpec;
import dev.rackhouse.inference.Mode;
import dev.rackhouse.inference.ModelFiles;
import dev.rackhouse.inference.deploy.DeployPlan.Load;
import dev.rackhouse.inference.deploy.Finding.Fix;
import dev.rackhouse.inference.deploy.Finding.Weight;
import dev.rackhouse.inference.fit.Change;
import dev.rackhouse.inference.fit.ComputeCapability;
import dev.rackhouse.inference.fit.Fit;
import dev.rackhouse.inference.fit.FitQuestion;
import dev.rackhouse.inference.fit.Fitting;
import dev.rackhouse.inference.fit.GpuNow;
import dev.rackhouse.inference.fit.Remedy;
import dev.rackhouse.inference.fit.Weights;
import dev.rackhouse.inference.live.StartBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Decides from a wish and from what was seen in its place what the run will do, or why it cannot. Pure; used once. */
final class DeployAssessment {

    /** Loading files needs a little more than they take: locks, partial files, the hub's index. */
    private static final long DISK_AIR_MIB = 1024;

    /** Before it was ever seen starting: slow disks and cold caches. */
    private static final Duration BUDGET = Duration.ofMinutes(10);

    private static final Duration LOADING_BUDGET = Duration.ofHours(4);

    private final DeployWish wish;
    private final Deployment deployment;
    private final DeployFacts facts;
    private final List<Finding> findings = new ArrayList<>();

    private DeployAssessment(DeployWish wish, DeployFacts facts) {
        this.wish = wish;
        this.deployment = wish.deployment();
        this.facts = facts;
    }

    /** With what routers are told when it answers. */
    static DeployReadiness of(DeployWish wish, DeployFacts facts) {
        return switch (engine(wish, facts)) {
            case DeployReadiness.Ready(DeployPlan plan, List<Finding> findings)
            when plan.starts() -> {
                RouteAssessment routes = RouteAssessment.ofNew(wish, facts);
                yield new DeployReadiness.Ready(plan.routed(routes.routings()), sorted(findings, routes.findings()));
            }
            case DeployReadiness.Ready waits -> waits;
            case DeployReadiness.Blocked blocked -> blocked;
        };
    }

    /** The engine alone; routers are not told. */
    static DeployReadiness engine(DeployWish wish, DeployFacts facts) {
        return new DeployAssessment(wish, facts).assess();
    }

    private DeployReadiness assess() {
        boolean cardsAreSeen = !facts.driver().isEmpty();
        wish.problems().stream()
                .filter(p -> cardsAreSeen || !p.field().equals("gpus"))
                .forEach(p -> add(Finding.blocks(p.field(), p.sentence(), "")));
        if (wish.unified() || !(launch() instanceof LaunchSpec.Container planned)) {
            add(Finding.blocks(
                    "place",
                    "On a Mac the engine is a program that launchd keeps; the console starts containers.",
                    "Start it there with the line on the deployment's page."));
            return new DeployReadiness.Blocked(sorted());
        }
        ground();
        VllmFlags.Style style = style();
        LaunchSpec.Container launch = deployment.engine() == EngineKind.VLLM ? VllmFlags.as(style, planned) : planned;
        VllmFlags.gone(launch.arguments())
                .forEach(gone -> add(
                        Finding.blocks("image", "vLLM does not know " + gone.flag() + " any more.", gone.advice())));
        boolean running = container(launch);
        port();
        gpus(running);
        long disk = disk();
        String waitsFor = waitsFor();
        Optional<Fit> fit = running ? Optional.empty() : fit(!waitsFor.isEmpty());
        fit.ifPresent(this::fit);
        List<Finding> sorted = sorted();
        if (sorted.stream().anyMatch(f -> f.weight() == Weight.BLOCKS)) {
            return new DeployReadiness.Blocked(sorted);
        }
        return new DeployReadiness.Ready(plan(launch, style, disk, waitsFor, fit), sorted);
    }

    private LaunchSpec launch() {
        return wish.engine().launch(deployment, wish.model(), wish.files(), wish.unified());
    }

    private void ground() {
        if (facts.driver().isEmpty()) {
            add(Finding.blocks(
                            "place",
                            "No NVIDIA driver answers in " + wish.placeTitle() + ".",
                            "Set up the GPUs there first: driver, Docker and container toolkit.")
                    .by(Fix.PREPARE_GUEST));
        }
        if (facts.docker().isEmpty()) {
            add(Finding.blocks(
                            "place",
                            "Docker does not answer in " + wish.placeTitle() + ".",
                            "Set up the GPUs there first: it brings Docker, too.")
                    .by(Fix.PREPARE_GUEST));
        } else if (!facts.handsOutGpus()) {
            add(Finding.blocks(
                            "place",
                            "Docker " + facts.docker()
                                    + " cannot give GPUs to containers there: it knows neither NVIDIA's"
                                    + " runtime nor CDI devices.",
                            "Set up the GPUs there first: it brings the container toolkit.")
                    .by(Fix.PREPARE_GUEST));
        }
    }

    /** How the image takes the model; as recent ones do while it is not there. */
    private VllmFlags.Style style() {
        List<String> entrypoint = facts.entrypoint();
        if (deployment.engine() != EngineKind.VLLM || entrypoint == null) {
            if (entrypoint == null && !facts.docker().isEmpty()) {
                add(Finding.informs("image", deployment.image() + " is not there yet; it is pulled first."));
            }
            return VllmFlags.Style.POSITIONAL;
        }
        Optional<VllmFlags.Style> style = VllmFlags.style(entrypoint);
        if (style.isEmpty()) {
            add(Finding.blocks(
                    "image",
                    "The entry point of " + deployment.image() + " is none of vLLM's: "
                            + shown(String.join(" ", entrypoint)) + ".",
                    "Take an image of vllm/vllm-openai, or one that begins with vllm serve."));
        }
        return style.orElse(VllmFlags.Style.POSITIONAL);
    }

    /** @return whether it runs already, as planned */
    private boolean container(LaunchSpec.Container launch) {
        SeenContainer there = facts.container(launch.name()).orElse(null);
        if (there == null) {
            return false;
        }
        if (there.deployment().isEmpty()) {
            add(Finding.blocks(
                    "name",
                    "A container named " + there.name() + " is there that the console did not make: "
                            + shown(there.image()) + ", " + there.status() + ".",
                    "Choose another name, or take that container over."));
            return false;
        }
        if (!there.deployment().equals(launch.name())) {
            add(Finding.blocks(
                    "name",
                    "The container " + there.name() + " belongs to the deployment " + shown(there.deployment()) + ".",
                    "Choose another name."));
            return false;
        }
        if (!there.isAs(launch)) {
            add(Finding.blocks(
                            "",
                            "The container " + there.name() + " is there with another launch than this.",
                            "Update the deployment: what runs is replaced only when the new one answers.")
                    .by(Fix.UPDATE));
            return false;
        }
        add(Finding.done("", "The container " + there.name() + " is there as planned, and " + there.status() + "."));
        return there.running();
    }

    private void port() {
        Optional<SeenContainer> holder = facts.containers().stream()
                .filter(c -> c.running() && c.hostPorts().contains(deployment.port()))
                .findFirst();
        String own = deployment.id().value();
        if (holder.isPresent()) {
            if (!holder.get().name().equals(own)) {
                add(Finding.blocks(
                        "port",
                        "The container " + holder.get().name() + " has port " + deployment.port() + ".",
                        "Choose another port."));
            }
        } else if (facts.listeners().containsKey(deployment.port())) {
            String program = facts.listeners().getOrDefault(deployment.port(), "");
            add(Finding.blocks(
                    "port",
                    (program.isEmpty() ? "A program" : "The program " + shown(program)) + " listens at port "
                            + deployment.port() + " there.",
                    "Choose another port, or stop that program."));
        }
    }

    private void gpus(boolean running) {
        for (GpuPin pin : deployment.gpus()) {
            GpuReading gpu = facts.gpu(pin.uuid()).orElse(null);
            if (gpu == null && !facts.driver().isEmpty()) {
                add(Finding.blocks(
                        "gpus",
                        "The driver does not see " + pin.uuid() + ".",
                        "Choose among the cards that it shows: "
                                + facts.gpus().stream().map(GpuReading::uuid).collect(Collectors.joining(", ")) + "."));
            } else if (gpu != null && gpu.broken()) {
                add(Finding.blocks(
                        "gpus",
                        gpu.name() + " (" + pin.uuid() + ") reports an error of its own.",
                        "Restart the guest; when it stays so, the whole host."));
            } else if (gpu != null) {
                capability(gpu);
            }
        }
        if (!running) {
            facts.containers().stream()
                    .filter(c -> c.running()
                            && c.deployment().isEmpty()
                            && !registered(c)
                            && deployment.gpus().stream().anyMatch(pin -> c.holds(pin.uuid())))
                    .forEach(
                            c -> add(
                                    Finding.warns(
                                            "gpus",
                                            "The container " + c.name() + " (" + shown(c.image())
                                                    + ") was started by hand and uses the same GPU.",
                                            "Take it over as a deployment, or stop it; its memory is what it holds now, and may grow.")));
        }
    }

    /** One that was taken over bears no label yet. */
    private boolean registered(SeenContainer container) {
        return wish.registered().stream()
                .anyMatch(d ->
                        d.place().equals(deployment.place()) && d.id().value().equals(container.name()));
    }

    private void capability(GpuReading gpu) {
        Weights weights = wish.files().weights();
        ComputeCapability needs = weights.needs();
        ComputeCapability has = gpu.capability();
        if (deployment.engine() == EngineKind.VLLM && needs != null && has != null && !has.atLeast(needs)) {
            add(Finding.blocks(
                    "files",
                    "%s has compute capability %s, and vLLM needs %s for %s weights."
                            .formatted(gpu.name(), has, needs, weights.word()),
                    "Take files in another form, or another card; llama.cpp runs GGUF files on it."));
        }
    }

    /** @return MiB that are loaded; 0: the files are there */
    private long disk() {
        ModelFiles files = wish.files();
        if (facts.weightsThere()) {
            add(Finding.done("directory", "The model's files lie in " + deployment.modelDirectory() + "."));
            return 0;
        }
        if (wish.model().gated() && !wish.tokenKnown()) {
            add(Finding.blocks(
                    "model",
                    wish.model().name() + " is gated: its publisher wants the licence accepted, and a token.",
                    "Accept the licence there and give the console a token of Hugging Face."));
        }
        if (deployment.engine() == EngineKind.LLAMA_CPP
                && (!DeployScripts.loadable(files.source()) || wish.model().gated())) {
            add(Finding.blocks(
                    "directory",
                    "The file " + deployment.modelDirectory() + "/" + files.source() + " is not there, and the console "
                            + (wish.model().gated()
                                    ? "does not load gated files."
                                    : "does not know where it comes from."),
                    "Put it there; it takes " + files.bytes() + "."));
        }
        long needed = (files.bytes().bytes() >> 20) + DISK_AIR_MIB;
        Long free = facts.freeMiB();
        if (free == null) {
            add(Finding.warns(
                    "directory",
                    "How much is free at " + deployment.modelDirectory() + " could not be read.",
                    "The files take " + files.bytes() + "."));
        } else if (free < needed) {
            add(Finding.blocks(
                    "directory",
                    "The files take %s, and %s are free at %s."
                            .formatted(files.bytes(), ByteSize.ofMiB(free), deployment.modelDirectory()),
                    "Free " + ByteSize.ofMiB(needed - free) + " there, or take another directory."));
        } else {
            add(Finding.informs(
                    "directory",
                    "%s are loaded at the first start, %s are free.".formatted(files.bytes(), ByteSize.ofMiB(free))));
        }
        return needed;
    }

    /** A mode that runs and claims one of the GPUs, to which this deployment does not belong. */
    private String waitsFor() {
        List<Mode> here = wish.modes().stream()
                .filter(m -> m.place().equals(deployment.place()))
                .toList();
        boolean wanted = here.stream().noneMatch(m -> m.deployments().contains(deployment.id()))
                || here.stream().anyMatch(m -> m.desired() && m.deployments().contains(deployment.id()));
        if (wanted) {
            return "";
        }
        return here.stream()
                .filter(m -> m.desired()
                        && wish.registered().stream()
                                .anyMatch(d -> m.deployments().contains(d.id())
                                        && deployment.gpus().stream().anyMatch(d::holds)))
                .findFirst()
                .map(m -> "the mode " + m.title() + " runs there and has its GPUs. Swap the mode to start it.")
                .orElse("");
    }

    private Optional<Fit> fit(boolean alone) {
        List<GpuNow> cards = new ArrayList<>();
        for (GpuPin pin : deployment.gpus()) {
            GpuReading reading = facts.gpu(pin.uuid()).orElse(null);
            ByteSize usable = reading == null ? null : reading.usable();
            if (reading != null && usable != null) {
                GpuNow now = new GpuNow(
                        pin.uuid(), reading.name(), usable, reading.free(), reading.capability(), reading.holders());
                cards.add(alone ? now.emptied() : now);
            }
        }
        if (cards.isEmpty() || cards.size() != deployment.gpus().size()) {
            return Optional.empty();
        }
        FitQuestion.Disk disk = FitQuestion.Disk.UNKNOWN;
        FitQuestion.Where where = deployment.engine() == EngineKind.VLLM
                ? new FitQuestion.Vllm(cards, FitQuestion.Link.UNKNOWN, disk)
                : new FitQuestion.Llama(cards, disk);
        List<Weights> others = wish.model().files().stream()
                .map(ModelFiles::weights)
                .filter(w -> !w.equals(wish.files().weights()) && wish.engine().runs(w))
                .toList();
        return Optional.of(Fitting.of(
                new FitQuestion(wish.model().shape(), wish.files().weights(), others, deployment.profile(), where)));
    }

    private void fit(Fit fit) {
        switch (fit) {
            case Fit.Fits fits -> {
                String room = String.format(
                        Locale.ROOT,
                        "It fits: %.1f requests of %,d tokens at once.",
                        fits.plan().concurrency(),
                        fits.plan().contextTokens());
                add(
                        fits.plan().tight()
                                ? Finding.warns("context", room + " That is tight.", "A shorter context gives it air.")
                                : Finding.done("context", room));
                fits.notes().forEach(note -> add(Finding.informs("context", note)));
            }
            case Fit.FitsWithChanges changes ->
                add(Finding.blocks(
                        "context",
                        String.join(" ", changes.reasons()),
                        "It fits with "
                                + changes.ways().stream()
                                        .map(DeployAssessment::way)
                                        .collect(Collectors.joining("; or with "))
                                + "."));
            case Fit.DoesNotFit not ->
                add(Finding.blocks(
                        "gpus",
                        String.join(" ", not.reasons()),
                        not.remedies().stream().map(Remedy::sentence).collect(Collectors.joining("; "))));
        }
    }

    private static String way(Fit.Way way) {
        return way.changes().stream().map(Change::sentence).collect(Collectors.joining(" and "));
    }

    private DeployPlan plan(
            LaunchSpec.Container launch, VllmFlags.Style style, long disk, String waitsFor, Optional<Fit> fit) {
        Load load = disk == 0
                ? Load.THERE
                : switch (deployment.engine()) {
                    case VLLM -> Load.BY_ENGINE;
                    case LLAMA_CPP -> Load.FILE;
                    case OLLAMA -> Load.OLLAMA;
                };
        StartBudget budget = StartBudget.of(wish.starts(), BUDGET);
        Duration usual = budget.usual();
        Duration most = load == Load.BY_ENGINE ? LOADING_BUDGET : budget.most();
        EngineSteps steps = EngineSteps.of(wish.host(), deployment, wish.model().purpose(), "", most);
        return new DeployPlan(
                launch.name(),
                wish.host(),
                wish.placeTitle(),
                wish.locks(),
                deployment.engine(),
                wish.model().purpose(),
                launch.image(),
                ContainerBody.of(launch, Map.of(DeployModel.RUN_LABEL, "{run.mark}")),
                launch.arguments(),
                style == VllmFlags.Style.POSITIONAL,
                launch.gpus(),
                deployment.port(),
                deployment.servedName(),
                steps.kvTokens(),
                needed(fit),
                deployment.modelDirectory(),
                disk,
                wish.files().source(),
                load,
                waitsFor,
                most.toSeconds(),
                usual == null || load == Load.BY_ENGINE ? 0 : Math.max(1, usual.toSeconds()),
                List.of());
    }

    /** vLLM checks at its start that its whole share is free; others take what the plan says. */
    private long needed(Optional<Fit> fit) {
        return fit.map(f -> f.shown().gpus().stream()
                        .mapToLong(g -> deployment.engine() == EngineKind.VLLM
                                ? Math.round(g.usable().bytes()
                                        * deployment.profile().utilization())
                                : g.weights().bytes() + g.overhead().bytes() + g.kv().bytes())
                        .max()
                        .orElse(0))
                .map(bytes -> bytes >> 20)
                .orElse(0L);
    }

    private void add(Finding finding) {
        findings.add(finding);
    }

    private List<Finding> sorted() {
        return sorted(findings, List.of());
    }

    static List<Finding> sorted(List<Finding> some, List<Finding> more) {
        return Stream.concat(some.stream(), more.stream())
                .sorted(Comparator.comparing(Finding::weight))
                .toList();
    }

    private static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() > 80 ? line.substring(0, 80) + "..." : line;
    }
}
