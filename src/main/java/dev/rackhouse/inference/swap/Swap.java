package dev.rackhouse.inference.swap;

import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.EngineSteps;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.LaunchSpec;
import dev.rackhouse.inference.Mode;
import dev.rackhouse.inference.Model.Purpose;
import dev.rackhouse.inference.fit.Fit;
import dev.rackhouse.inference.live.StartBudget;
import dev.rackhouse.inference.live.StartTimes;
import dev.rackhouse.inference.swap.SwapFacts.SeenContainer;
import dev.rackhouse.inference.swap.SwapPlan.Member;
import dev.rackhouse.inference.swap.SwapReadiness.Finding;
import dev.rackhouse.inference.swap.SwapReadiness.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether a place can switch to a mode, and how. Pure. */
public final class Swap {

    /** Errors of a card within this time speak against giving it work (services: "no Xid in the last 15 minutes"). */
    private static final long XID_SECONDS = 15 * 60;

    /** A cache somewhat smaller than planned is no failure: the plan's constants are estimates until an engine has measured them. */
    private static final double KV_SHARE = 0.9;

    private final SwapDraft draft;
    private final SwapSite site;
    private final Mode mode;
    private final SwapFacts facts;
    private final List<Finding> findings = new ArrayList<>();

    private Swap(SwapDraft draft, SwapSite site, Mode mode) {
        this.draft = draft;
        this.site = site;
        this.mode = mode;
        this.facts = site.facts();
    }

    public static SwapReadiness assess(SwapDraft draft, SwapSite site) {
        return site.mode(draft.mode())
                .map(mode -> new Swap(draft, site, mode).assess())
                .orElseGet(() -> new SwapReadiness.Blocked(List.of(Finding.blocks(
                        "There is no mode " + draft.mode() + " for " + site.title() + ".",
                        "It may have been removed since this page was opened.",
                        "Open the modes again."))));
    }

    private SwapReadiness assess() {
        facts.troubles()
                .forEach(trouble -> findings.add(Finding.blocks(
                        trouble,
                        "Nothing is started on what is not known.",
                        "See that the machine and its Docker answer, then look again.")));
        String held = site.heldBy();
        if (held != null) {
            findings.add(Finding.blocks(held, "Two runs never work on one thing.", "Open that run."));
        }
        if (!facts.troubles().isEmpty()) {
            return new SwapReadiness.Blocked(findings);
        }
        List<Deployment> target = members();
        List<Deployment> rivals = rivals();
        List<Deployment> start = target.stream().filter(d -> !site.up(d)).toList();
        List<Deployment> keep = target.stream().filter(site::up).toList();
        List<Deployment> stop = rivals.stream().filter(site::up).toList();
        List<Deployment> restarting = Stream.concat(target.stream(), rivals.stream())
                .filter(site::restarting)
                .toList();
        List<Deployment> resting = rivals.stream().filter(site::asleep).toList();
        Sleepers sleepers = Sleepers.of(site, resting, stop, restarting, start);
        List<Deployment> halt = Stream.concat(
                        restarting.stream(), resting.stream().filter(sleepers::evicted))
                .toList();
        restarting.forEach(d -> findings.add(Finding.informs(
                "Docker starts " + d.id() + " again and again.", "It is stopped first; it has never answered.")));
        if (halt.isEmpty() && start.isEmpty() && stop.isEmpty() && routed(target)) {
            findings.add(Finding.blocks(
                    mode.title() + " is on already.",
                    "All its engines run, and no other one that claims their GPUs.",
                    ""));
        }
        target.forEach(this::container);
        start.forEach(this::image);
        stop.forEach(d -> facts.container(d.id().value()).ifPresent(this::restartPolicy));
        start.forEach(this::fit);
        findings.addAll(sleepers.findings());
        List<Deployment> asleep =
                resting.stream().filter(d -> !sleepers.evicted(d)).toList();
        List<String> staying = new ArrayList<>();
        List<Deployment> leaving = Stream.concat(stop.stream(), halt.stream()).toList();
        cards(start, leaving, asleep, keep, staying);
        loads(stop);
        RouteDecision routes = RouteDecision.of(site, mode, target, stop);
        findings.addAll(routes.findings());
        if (findings.stream().anyMatch(f -> f.kind() == Kind.BLOCKS)) {
            return new SwapReadiness.Blocked(findings);
        }
        return new SwapReadiness.Ready(
                new SwapPlan(
                        site.place().toString(),
                        site.title(),
                        site.host(),
                        site.desired().map(Mode::id).orElse(null),
                        site.desired().map(Mode::title).orElse(""),
                        mode.id(),
                        mode.title(),
                        planned(stop, sleepers::sleeps),
                        planned(halt, site::asleep),
                        planned(start, site::asleep),
                        planned(keep, _ -> false),
                        List.copyOf(ids(asleep)),
                        staying,
                        start.stream().map(Deployment::image).collect(Collectors.toSet()),
                        draft.drain(),
                        draft.atDeadline(),
                        routes.routing()),
                findings);
    }

    /** An engine that runs is not on while no client reaches it. */
    private boolean routed(List<Deployment> target) {
        return RouteDecision.of(site, mode, target, List.of()).settled();
    }

    private List<Deployment> members() {
        List<Deployment> members = new ArrayList<>();
        for (DeploymentId id : mode.deployments()) {
            site.deployment(id)
                    .ifPresentOrElse(
                            members::add,
                            () -> findings.add(Finding.blocks(
                                    "The mode names " + id + ", which is not deployed here.",
                                    "The mode is not whole.",
                                    "Deploy it, or take it out of the mode.")));
        }
        return members;
    }

    /** What stands in other modes of the place and not in this one. */
    private List<Deployment> rivals() {
        Set<DeploymentId> ids = new LinkedHashSet<>();
        site.modes().forEach(m -> ids.addAll(m.deployments()));
        mode.deployments().forEach(ids::remove);
        return ids.stream().map(site::deployment).flatMap(Optional::stream).toList();
    }

    private void container(Deployment deployment) {
        String name = deployment.id().value();
        if (site.launches().get(deployment.id()) instanceof LaunchSpec.Program) {
            findings.add(Finding.blocks(
                    name + " is a program, not a container.",
                    "Programs of a Mac are started by the Mac itself.",
                    "Switch modes where engines run in containers."));
            return;
        }
        SeenContainer seen = facts.container(name).orElse(null);
        if (seen == null) {
            findings.add(Finding.blocks(
                    "There is no container " + name + " on " + site.title() + ".",
                    "A swap starts and stops containers; it makes none.",
                    "Deploy " + name + " first."));
            return;
        }
        Set<String> wanted = deployment.gpus().stream().map(GpuPin::uuid).collect(Collectors.toSet());
        if (!seen.deployment().isEmpty() && !seen.deployment().equals(name)) {
            findings.add(Finding.blocks(
                    "The container " + name + " says that it is of " + seen.deployment() + ".",
                    "Nobody knows what it starts.",
                    "Remove it and deploy " + name + "."));
        } else if (!new HashSet<>(seen.gpus()).equals(wanted) || !seen.image().equals(deployment.image())) {
            findings.add(Finding.blocks(
                    "The container " + name + " is not as it is registered now: it runs " + seen.image() + " on "
                            + String.join(", ", new TreeSet<>(seen.gpus())) + ".",
                    "The deployment was changed after the container was made.",
                    "Deploy " + name + " again."));
        }
        restartPolicy(seen);
    }

    private void restartPolicy(SeenContainer seen) {
        if (seen.restart().equals("always")) {
            findings.add(Finding.blocks(
                    "Docker restarts " + seen.name() + " always.",
                    "After a restart of the machine it would start beside the other set, also when it was stopped.",
                    "Deploy " + seen.name() + " again: then it stays stopped when it was stopped."));
        }
    }

    private void image(Deployment deployment) {
        if (!facts.images().contains(deployment.image())) {
            findings.add(Finding.blocks(
                    "The image " + deployment.image() + " is not on " + site.title() + ".",
                    "While an image is pulled, nobody would be served.",
                    "Deploy " + deployment.id() + " again: that pulls it first."));
        }
    }

    private void fit(Deployment deployment) {
        Fit fit = site.fits().get(deployment.id());
        String name = deployment.id().value();
        if (fit == null) {
            findings.add(Finding.warns(
                    "Whether " + name + " fits is not known.", "Its cards were not seen by the inventory yet.", ""));
            return;
        }
        switch (fit) {
            case Fit.Fits f
            when f.plan().tight() ->
                findings.add(Finding.warns(
                        name + " fits by less than a tenth.",
                        "A start may fail when anything else takes memory.",
                        "A shorter context leaves more room."));
            case Fit.Fits _ -> {}
            case Fit.FitsWithChanges f ->
                findings.add(Finding.blocks(
                        name + " does not fit as it is registered. " + String.join(" ", f.reasons()),
                        "It would not start.",
                        "It fits with "
                                + f.ways().getFirst().changes().stream()
                                        .map(dev.rackhouse.inference.fit.Change::sentence)
                                        .collect(Collectors.joining(" and "))
                                + "."));
            case Fit.DoesNotFit f ->
                findings.add(Finding.blocks(
                        name + " does not fit. " + String.join(" ", f.reasons()),
                        "It would not start.",
                        f.remedies().isEmpty()
                                ? "Take smaller files, or more GPUs."
                                : "What would help: " + f.remedies().getFirst().sentence() + "."));
        }
    }

    /**
     * @param asleep go on sleeping
     * @param staying filled with the ids of containers that go on running on the same cards
     */
    private void cards(
            List<Deployment> start,
            List<Deployment> stop,
            List<Deployment> asleep,
            List<Deployment> keep,
            List<String> staying) {
        CardsLook look = facts.cards();
        if (look == null) {
            return;
        }
        Set<String> uuids = uuids(start);
        uuids.addAll(uuids(stop));
        for (String uuid : uuids) {
            look.find(uuid)
                    .ifPresentOrElse(
                            card -> xids(look, card),
                            () -> findings.add(Finding.blocks(
                                    "The GPU " + uuid + " does not answer"
                                            + (look.trouble().isEmpty()
                                                    ? "."
                                                    : ": nvidia-smi says '" + look.trouble() + "'."),
                                    "It has fallen off the bus, or the driver does not know it.",
                                    "Look at the card; a restart of the machine usually brings it back.")));
        }
        Set<String> leaving = ids(stop);
        List<Deployment> quiet = Stream.concat(asleep.stream(), start.stream().filter(site::asleep))
                .toList();
        quiet.forEach(d -> keepsLittle(look, d));
        leaving.addAll(ids(quiet));
        Set<String> ours = ids(keep);
        site.deployments().stream()
                .filter(d -> !start.contains(d) && !stop.contains(d))
                .forEach(d ->
                        facts.container(d.id().value()).map(SeenContainer::id).ifPresent(ours::add));
        Set<String> told = new HashSet<>();
        for (CardsLook.App app : look.apps()) {
            if (!uuids.contains(app.uuid()) || leaving.contains(app.container())) {
                continue;
            }
            if (ours.contains(app.container())) {
                if (!staying.contains(app.container())) {
                    staying.add(app.container());
                }
            } else if (told.add(app.container() + app.pid())) {
                findings.add(foreign(app));
            }
        }
    }

    /** An engine that says that it sleeps, and still holds its card, would be in the way of whatever starts there. */
    private void keepsLittle(CardsLook look, Deployment deployment) {
        String id =
                facts.container(deployment.id().value()).map(SeenContainer::id).orElse("");
        for (GpuPin pin : deployment.gpus()) {
            long held = look.heldMiB(pin.uuid(), id);
            if (held > SwapConditions.ASLEEP_MIB) {
                findings.add(Finding.blocks(
                        deployment.id() + " says that it sleeps, and holds " + held + " MiB of " + pin.uuid() + ".",
                        "A sleeping engine keeps 1.3 GiB of a card at most.",
                        "Restart its container; then look again."));
            }
        }
    }

    private Finding foreign(CardsLook.App app) {
        String name = facts.containers().values().stream()
                .filter(c -> c.id().equals(app.container()))
                .map(SeenContainer::name)
                .findFirst()
                .orElse("");
        return Finding.blocks(
                name.isEmpty()
                        ? "A process that is not of this console holds memory on " + app.uuid() + ": " + app.words()
                                + "."
                        : "The container " + name + ", started by hand, holds " + app.usedMiB() + " MiB on "
                                + app.uuid() + ".",
                "The memory that it holds is missing for the new set.",
                name.isEmpty() ? "End it, if it is not needed." : "Stop it, or import it as a deployment.");
    }

    private void xids(CardsLook look, CardsLook.Card card) {
        for (CardsLook.Xid xid : look.xids()) {
            if (!xid.busId().equals(card.busId())) {
                continue;
            }
            if (xid.ageSeconds() < 0) {
                findings.add(Finding.warns(
                        "The driver has written Xid " + xid.number() + " about " + card.name() + " at " + card.busId()
                                + ".",
                        "When that was is not known.",
                        "See the kernel's log."));
            } else if (xid.ageSeconds() <= XID_SECONDS) {
                findings.add(Finding.blocks(
                        "The driver wrote Xid " + xid.number() + " about " + card.name() + " at " + card.busId() + ", "
                                + xid.ageSeconds() / 60 + " min ago.",
                        "The card, or what ran on it, has failed.",
                        "Find out why, then wait until a quarter of an hour has passed without another."));
            }
        }
    }

    private void loads(List<Deployment> stop) {
        for (Deployment deployment : stop) {
            if (deployment.engine() == EngineKind.OLLAMA) {
                findings.add(uncounted(deployment));
            }
            SwapFacts.Load load = facts.loads().get(deployment.id().value());
            if (load != null && load.running() + load.waiting() > 0) {
                findings.add(Finding.informs(
                        deployment.id() + " has " + load.running() + " requests at work and " + load.waiting()
                                + " waiting.",
                        "They have " + draft.drain().toSeconds() + " s to end; "
                                + switch (draft.atDeadline()) {
                                    case RETURN -> "if they do not, nothing is stopped.";
                                    case GO_ON -> "then they are cut off.";
                                }));
            }
        }
    }

    /** Ollama has no counters, so the end of its requests is seen at the router or nowhere. */
    private Finding uncounted(Deployment deployment) {
        return Finding.informs(
                deployment.id() + " does not tell what it computes: Ollama counts no requests.",
                site.router() == null
                        ? "What is under way there is cut off when it is stopped."
                        : "What the router has sent there has " + draft.drain().toSeconds()
                                + " s to end; what reached it directly is cut off when it is stopped.");
    }

    private static Set<String> uuids(List<Deployment> deployments) {
        Set<String> uuids = new TreeSet<>();
        deployments.forEach(d -> d.gpus().forEach(g -> uuids.add(g.uuid())));
        return uuids;
    }

    private Set<String> ids(List<Deployment> deployments) {
        Set<String> ids = new HashSet<>();
        deployments.forEach(
                d -> facts.container(d.id().value()).map(SeenContainer::id).ifPresent(ids::add));
        return ids;
    }

    private List<Member> planned(List<Deployment> deployments, Predicate<Deployment> sleeps) {
        return deployments.stream()
                .map(d -> new Member(
                        engine(d),
                        facts.container(d.id().value()).map(SeenContainer::id).orElse(""),
                        d.gpus().stream().map(GpuPin::uuid).toList(),
                        sleeps.test(d)))
                .toList();
    }

    private EngineSteps engine(Deployment d) {
        Purpose purpose = site.purposes().getOrDefault(d.id(), Purpose.CHAT);
        return new EngineSteps(
                site.host(),
                d.id().value(),
                d.engine(),
                purpose,
                d.port(),
                d.servedName(),
                "",
                d.engine() == EngineKind.VLLM && purpose != Purpose.EMBEDDING
                        ? room(d, site.fits().get(d.id()))
                        : 0,
                budget(d));
    }

    /** One request of full length at least, and about what was planned. */
    private static long room(Deployment d, @Nullable Fit fit) {
        long context = d.profile().contextTokens();
        return fit instanceof Fit.Fits f ? Math.max(context, (long) (f.plan().kvTokens() * KV_SHARE)) : context;
    }

    /** Before it was ever seen starting: twice what a cold start usually takes, and five minutes at least. */
    private Duration budget(Deployment d) {
        Duration untilLearned = switch (d.engine()) {
            case VLLM -> Duration.ofSeconds(440);
            case LLAMA_CPP, OLLAMA -> Duration.ofSeconds(300);
        };
        return StartBudget.of(site.starts().getOrDefault(d.id(), StartTimes.NONE), untilLearned)
                .most();
    }
}
