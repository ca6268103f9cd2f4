package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.DeploymentRevision;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.GpuReading;
import dev.rackhouse.inference.Model.Purpose;
import dev.rackhouse.inference.deploy.UpdatePlan.Running;
import java.util.ArrayList;
import java.util.Comparator;
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
        DeployReadiness readiness = DeployAssessment.of(wish, afterwards);
        List<Finding> findings = new ArrayList<>(readiness.findings());
        if (!(readiness instanceof DeployReadiness.Ready(DeployPlan next, var _))) {
            return new UpdateReadiness.Blocked(findings);
        }
        if (sameAs(there, next)) {
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
        boolean compared = running != null
                && next.starts()
                && old.engine() == EngineKind.VLLM
                && next.engine() == EngineKind.VLLM
                && wish.model().purpose() != Purpose.EMBEDDING;
        DeployPlan canary =
                running == null || !next.starts() ? null : canary(wish, facts).orElse(null);
        findings.add(
                running == null
                        ? Finding.informs("", "It does not run; nobody is interrupted.")
                        : canary == null
                                ? Finding.warns(
                                        "",
                                        "Its GPUs have no room for the old and the new engine at once: it is interrupted while the new one starts.",
                                        "Choose a moment when nobody needs " + old.servedName() + ".")
                                : Finding.informs(
                                        "",
                                        "The new engine is proved beside the old one first, at port " + canary.port()
                                                + "."));
        findings.sort(Comparator.comparing(Finding::weight));
        return new UpdateReadiness.Ready(
                new UpdatePlan(
                        next,
                        canary,
                        running,
                        compared,
                        UpdatePlan.A_FIFTH,
                        DeploymentRevision.between(before, wish.deployment()).stream()
                                .map(d -> "Changes " + d.field() + " from " + d.before() + " to " + d.after() + ".")
                                .toList(),
                        there.image(),
                        leftovers(facts, name)),
                findings);
    }

    private static boolean sameAs(SeenContainer there, DeployPlan next) {
        return there.image().equals(next.image())
                && there.command().equals(next.command())
                && there.variables().containsAll(next.settings())
                && new TreeSet<>(there.gpus()).equals(new TreeSet<>(next.gpus()))
                && there.hostPorts().equals(List.of(next.port()));
    }

    private static List<String> leftovers(DeployFacts facts, String name) {
        return facts.containers().stream()
                .filter(c -> c.deployment().equals(name)
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
                .map(gpus -> DeployAssessment.of(as(wish, gpus, port.get()), facts))
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
                wish.tokenKnown(),
                wish.host(),
                wish.placeTitle(),
                wish.locks());
    }
}
