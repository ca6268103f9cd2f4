package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.DeploymentRevision;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.GpuReading;
import dev.rackhouse.inference.LaunchSpec;
import dev.rackhouse.inference.Model.Purpose;
import dev.rackhouse.inference.deploy.UpdatePlan.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Decides whether a deployment that is there can be replaced by another form of itself, beside it or after it. Pure. */
final class UpdateAssessment {

    /** Where canaries get their port: below the range that Linux gives to outgoing connections. */
    private static final int FIRST_PORT = 18000;

    private static final int LAST_PORT = 18099;
    private static final String CANARY = "-canary";

    private UpdateAssessment() {}

    /**
     * @param wish what shall be there, under the name of what is there
     * @param before what the registry says of what is there; null: it does not know it
     */
    static UpdateReadiness of(DeployWish wish, DeployFacts facts, @Nullable Deployment before) {
        String name = wish.deployment().id().value();
        SeenContainer there = facts.container(name).orElse(null);
        boolean takenOver = there != null && there.deployment().isEmpty() && before != null;
        if (there == null || !takenOver && !there.deployment().equals(name)) {
            return new UpdateReadiness.Blocked(List.of(Finding.blocks(
                    "",
                    there == null
                            ? "There is no container " + name + " to update."
                            : "The container " + name + " was not made by the console.",
                    there == null ? "Deploy it." : "Take it over, or choose another name.")));
        }
        DeployFacts afterwards = facts.without(there);
        DeployReadiness readiness = DeployAssessment.engine(wish, afterwards);
        List<Finding> findings = new ArrayList<>(readiness.findings());
        if (!(readiness instanceof DeployReadiness.Ready(DeployPlan engine, var _))) {
            return new UpdateReadiness.Blocked(findings);
        }
        if (!takenOver && sameAs(there, engine)) {
            findings.addFirst(
                    Finding.blocks("", "The container " + name + " is like this already.", "Change something."));
            return new UpdateReadiness.Blocked(findings);
        }
        Deployment old = before == null ? wish.deployment() : before;
        Running running = there.running()
                ? new Running(
                        old.engine(),
                        wish.model().purpose(),
                        there.hostPorts().isEmpty()
                                ? old.port()
                                : there.hostPorts().getFirst(),
                        old.servedName())
                : null;
        RouteAssessment routes = RouteAssessment.ofReplaced(
                wish,
                facts,
                running == null ? old.port() : running.port(),
                old.servedName(),
                running != null && engine.starts());
        DeployPlan next = engine.starts() ? engine.routed(routes.routings()) : engine;
        findings.addAll(routes.findings());
        boolean compared = running != null
                && next.starts()
                && old.engine() == EngineKind.VLLM
                && next.engine() == EngineKind.VLLM
                && wish.model().purpose() != Purpose.EMBEDDING;
        DeployPlan canary =
                running == null || !next.starts() ? null : canary(wish, facts).orElse(null);
        List<String> changes = new ArrayList<>(DeploymentRevision.between(before, wish.deployment()).stream()
                .map(d -> "Changes " + d.field() + " from " + d.before() + " to " + d.after() + ".")
                .toList());
        if (takenOver) {
            changes.add("Somebody else made the container; its successor bears the label %s=%s."
                    .formatted(LaunchSpec.DEPLOYMENT_LABEL, name));
        }
        UpdatePlan plan = new UpdatePlan(
                next,
                canary,
                running,
                compared,
                UpdatePlan.A_FIFTH,
                changes,
                there.image(),
                canary != null && carries(next, canary, running, afterwards),
                DeployModel.DRAIN,
                leftovers(facts, name));
        findings.addAll(interruption(plan, old));
        return new UpdateReadiness.Ready(plan, DeployAssessment.sorted(findings, List.of()));
    }

    /**
     * Whether clients can be led to the canary while the engine is replaced: there is room for the next engine beside it, the old one
     * tells when it has come to its end, and the router is told by whole routes, which can be put back in any order.
     */
    private static boolean carries(
            DeployPlan next, DeployPlan canary, @Nullable Running running, DeployFacts afterwards) {
        boolean room = next.neededMiB() > 0
                && next.gpus().stream()
                        .allMatch(uuid -> afterwards
                                .gpu(uuid)
                                .map(GpuReading::free)
                                .filter(free ->
                                        (free.bytes() >> 20) - (canary.gpus().contains(uuid) ? canary.neededMiB() : 0)
                                                >= next.neededMiB())
                                .isPresent());
        return room
                && running != null
                && running.engine() != EngineKind.OLLAMA
                && !next.routes().isEmpty()
                && next.routes().stream().allMatch(r -> switch (r.at().kind()) {
                    case RACKHOUSE, LITELLM -> true;
                    case TRAEFIK_FILE, LLAMA_SWAP -> false;
                });
    }

    /** What clients will see. */
    private static List<Finding> interruption(UpdatePlan plan, Deployment old) {
        DeployPlan next = plan.next();
        DeployPlan canary = plan.canary();
        if (plan.old() == null) {
            return List.of(Finding.informs("", "It does not run; nobody is interrupted."));
        }
        if (!next.starts()) {
            return List.of(Finding.warns(
                    "",
                    "It is stopped, and what takes its place is created and not started: " + next.waitsFor(),
                    "Choose a moment when nobody needs " + old.servedName() + "."));
        }
        String start = next.budget().words();
        List<Finding> findings = new ArrayList<>();
        if (canary != null) {
            findings.add(Finding.informs(
                    "", "The new engine is proved beside the old one first, at port " + canary.port() + "."));
        } else if (!plan.refuses()) {
            findings.add(Finding.warns(
                    "",
                    "Its GPUs have no room for the old and the new engine at once: it is interrupted while the new one starts.",
                    "Choose a moment when nobody needs " + old.servedName() + "."));
        }
        if (plan.carried()) {
            next.routes()
                    .forEach(r -> findings.add(Finding.informs(
                            "route", "Clients of " + r.words() + " are led to it meanwhile; none is refused.")));
        } else if (plan.refuses()) {
            next.routes()
                    .forEach(r -> findings.add(Finding.informs(
                            "route",
                            "Clients of %s are told to come again (503 with Retry-After) while the new engine starts: %s."
                                    .formatted(r.words(), start))));
        }
        if (!plan.refuses() && !plan.carried()) {
            findings.add(Finding.informs(
                    "route",
                    "No router leads to it: clients see port %d closed while the new engine starts: %s."
                            .formatted(plan.old().port(), start)));
        }
        return findings;
    }

    private static boolean sameAs(SeenContainer there, DeployPlan next) {
        return there.image().equals(next.image())
                && there.command().equals(next.command())
                && there.variables().containsAll(next.settings())
                && new TreeSet<>(there.gpus()).equals(new TreeSet<>(next.gpus()))
                && there.hostPorts().equals(List.of(next.port()));
    }

    /** What was taken over bore no label when it was kept; then its name tells, which only updates give. */
    private static List<String> leftovers(DeployFacts facts, String name) {
        return facts.containers().stream()
                .filter(c -> (c.deployment().equals(name) || c.deployment().isEmpty())
                        && c.name().matches(java.util.regex.Pattern.quote(name) + "-before-\\d+"))
                .filter(c -> !c.running())
                .map(SeenContainer::name)
                .toList();
    }

    /** The same launch on the same cards beside what runs; or, for one card, on the first other one with room. */
    private static Optional<DeployPlan> canary(DeployWish wish, DeployFacts facts) {
        Optional<Integer> port = IntStream.rangeClosed(FIRST_PORT, LAST_PORT)
                .boxed()
                .filter(p -> !facts.listeners().containsKey(p)
                        && facts.containers().stream()
                                .noneMatch(c -> c.hostPorts().contains(p))
                        && wish.registered().stream().noneMatch(d -> d.port() == p))
                .findFirst();
        if (port.isEmpty()) {
            return Optional.empty();
        }
        List<List<GpuPin>> choices = new ArrayList<>(List.of(wish.deployment().gpus()));
        if (wish.deployment().gpus().size() == 1) {
            facts.gpus().stream()
                    .map(GpuReading::uuid)
                    .filter(uuid -> !wish.deployment().gpus().getFirst().uuid().equals(uuid))
                    .forEach(uuid -> choices.add(List.of(new GpuPin(uuid, null))));
        }
        return choices.stream()
                .map(gpus -> DeployAssessment.engine(as(wish, gpus, port.get()), facts))
                .flatMap(r -> r instanceof DeployReadiness.Ready ready
                        ? java.util.stream.Stream.of(ready.plan())
                        : java.util.stream.Stream.empty())
                .filter(plan -> plan.starts() && plan.neededMiB() > 0)
                .findFirst();
    }

    private static DeployWish as(DeployWish wish, List<GpuPin> gpus, int port) {
        Deployment d = wish.deployment();
        String base = d.id().value();
        String name = base.substring(0, Math.min(base.length(), 41 - CANARY.length())) + CANARY;
        Deployment canary = new Deployment(
                new DeploymentId(name),
                d.model(),
                d.files(),
                d.engine(),
                d.place(),
                gpus,
                d.image(),
                port,
                d.servedName(),
                d.modelDirectory(),
                d.profile(),
                false);
        return new DeployWish(
                canary,
                wish.model(),
                wish.files(),
                wish.engine(),
                wish.unified(),
                List.of(),
                wish.registered(),
                List.of(),
                List.of(),
                wish.starts(),
                wish.tokenKnown(),
                wish.host(),
                wish.placeTitle(),
                wish.locks());
    }
}
