package dev.rackhouse.inference.swap;

import dev.rackhouse.inference.EngineCall;
import dev.rackhouse.inference.EngineSteps;
import dev.rackhouse.inference.route.ClientRoute;
import dev.rackhouse.inference.route.RouteSteps;
import dev.rackhouse.inference.route.RouterAt;
import dev.rackhouse.inference.swap.SwapPlan.Member;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Command.Wait;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Proof;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The literal requests and proofs of one swap. */
final class SwapCalls {

    private static final String CUT_OFF = "What is still under way is cut off.";

    static final Duration STOPPED = Duration.ofSeconds(60);

    private static final Duration WAKE = Duration.ofSeconds(60);
    private static final Duration SETTLED = Duration.ofSeconds(20);

    static final Duration FREED = Duration.ofSeconds(60);

    private final SwapPlan plan;
    private final EngineCall docker;

    SwapCalls(SwapPlan plan) {
        this.plan = plan;
        this.docker = new EngineCall(plan.host());
    }

    @SafeVarargs
    static Set<String> cards(List<Member>... sets) {
        Set<String> uuids = new TreeSet<>();
        for (List<Member> set : sets) {
            set.forEach(m -> uuids.addAll(m.gpus()));
        }
        return uuids;
    }

    /** Two of them hold one card. */
    static boolean share(List<Member> members) {
        Set<String> seen = new HashSet<>();
        return members.stream().flatMap(m -> m.gpus().stream()).anyMatch(uuid -> !seen.add(uuid));
    }

    /** Ollama tells neither what it computes nor what it queues; {@link Swap} says so, and only the router is waited for. */
    static boolean countsRequests(Member member) {
        return member.engine().countsRequests();
    }

    ServiceCall start(Member member) {
        return docker.start(member.engine().container());
    }

    ServiceCall stop(Member member) {
        return docker.stop(member.engine().container());
    }

    /** It is there and does not run. */
    Check waitsStopped(Member member) {
        return member.engine().stopped().and(Conditions.jsonEquals("/Id", member.containerId()));
    }

    Check imageIsThere(String image) {
        return Check.that(docker.docker("/images/" + image + "/json"), Conditions.statusIs(200));
    }

    /** The cards answer; what holds them is what leaves and what stays. */
    Check onlyOursHoldTheCards() {
        List<String> ours = new ArrayList<>(plan.staying());
        plan.stop().forEach(m -> ours.add(m.containerId()));
        plan.halt().forEach(m -> ours.add(m.containerId()));
        plan.keep().forEach(m -> ours.add(m.containerId()));
        return held(cards(plan.stop(), plan.start(), plan.keep()), ours, asleep(plan.start()));
    }

    /** Who sleeps all the time, and these of them. */
    @SafeVarargs
    private final List<String> asleep(Collection<Member>... those) {
        List<String> ids = new ArrayList<>(plan.asleep());
        for (Collection<Member> members : those) {
            members.stream().filter(Member::sleeps).forEach(m -> ids.add(m.containerId()));
        }
        return ids;
    }

    private Check held(Set<String> uuids, List<String> by, List<String> asleep) {
        return Check.that(
                CardsLook.read(plan.host()),
                Condition.of(
                        SwapConditions.FREED,
                        "uuids",
                        String.join(" ", uuids),
                        "staying",
                        String.join(" ", new TreeSet<>(by)),
                        "asleep",
                        String.join(" ", new TreeSet<>(asleep))));
    }

    /**
     * Nobody holds the cards of these but what stays: other deployments, and what else of the new set runs; and what engines keep that
     * sleep, of the old set and among these.
     */
    @SafeVarargs
    final Proof freed(List<Member>... leaving) {
        return Proof.within(FREED, isFreed(leaving));
    }

    /** The same, looked at once. */
    @SafeVarargs
    final Check isFreed(List<Member>... leaving) {
        Set<Member> gone = new HashSet<>();
        for (List<Member> set : leaving) {
            gone.addAll(set);
        }
        List<String> staying = new ArrayList<>(plan.staying());
        plan.keep().forEach(m -> staying.add(m.containerId()));
        plan.start().stream().filter(m -> !gone.contains(m)).forEach(m -> staying.add(m.containerId()));
        plan.halt().forEach(gone::remove);
        return held(cards(leaving), staying, asleep(plan.stop(), gone));
    }

    /** Neither computing nor queueing, by the engine's own count. */
    Check idle(Member member) {
        return member.engine().idle();
    }

    /** As the operator has decided about the deadline. */
    Proof drains(Proof proof) {
        return switch (plan.atDeadline()) {
            case RETURN -> proof;
            case GO_ON -> proof.orGoOn(CUT_OFF);
        };
    }

    /** On the way back nothing is waited for longer than the deadline, and for an engine that has ended not at all. */
    Undo letEnd(Member member) {
        String container = member.engine().container();
        return Undo.by(
                "Let the requests of " + container + " end",
                new Wait(
                        container + " computes and queues nothing",
                        Proof.within(plan.drain(), idle(member))
                                .asLongAs(member.engine().stillRuns())
                                .orGoOn(CUT_OFF)));
    }

    Undo letEnd(String what, Check idle) {
        return Undo.by(
                "Let the requests at the router end",
                new Wait(what, Proof.within(plan.drain(), idle).orGoOn(CUT_OFF)));
    }

    /** Of the old set, on the way back. */
    private Undo ready(Member member) {
        EngineSteps engine = member.engine();
        return Undo.by(
                        "Wait until " + engine.container() + " is ready again",
                        new Wait(
                                engine.container() + " gets ready",
                                Proof.within(engine.budget(), engine.logSaysReady())
                                        .asLongAs(engine.stillRuns())))
                .limit(engine.budget());
    }

    /** Of the old set, on the way back, when it was woken, or started afresh since it did not wake: its log may tell nothing. */
    private Undo healthy(Member member) {
        EngineSteps engine = member.engine();
        return Undo.by(
                        "Wait until " + engine.container() + " is ready again",
                        new Wait(
                                engine.container() + " gets ready",
                                Proof.within(engine.budget(), engine.healthy()).asLongAs(engine.stillRuns())))
                .limit(engine.budget());
    }

    /** What was sent last is done first: an engine that is on its way to sleep still says that it is awake, and the other way round. */
    private static Undo settled(EngineSteps engine, String what, Check is) {
        return Undo.by(
                "Wait until " + engine.container() + " " + what,
                new Wait(
                        engine.container() + " " + what,
                        Proof.within(SETTLED, is).asLongAs(engine.stillRuns()).orGoOn("It is as it was.")));
    }

    /** An engine that does not wake is started afresh. */
    Undo[] awakeAgain(Member member) {
        EngineSteps engine = member.engine();
        String container = engine.container();
        return new Undo[] {
            settled(engine, "has fallen asleep", engine.sleeps()),
            Undo.by("Wake " + container + " again", docker.wake(engine.port(), engine.bearer()))
                    .unless(engine.isAwake())
                    .confirm(engine.isAwake(), WAKE),
            Undo.by("Stop " + container + ", which does not wake", stop(member))
                    .unless(engine.stopped())
                    .confirm(engine.stopped(), STOPPED)
                    .ifLastFails(container + " does not wake, so it is started afresh"),
            startedAgain(member)
        };
    }

    Undo startedAgain(Member member) {
        EngineSteps engine = member.engine();
        return Undo.by("Start " + engine.container() + " again", start(member))
                .unless(engine.runs())
                .confirm(engine.runs(), Duration.ofSeconds(30));
    }

    /** An engine that does not give its cards back is stopped. */
    Undo[] asleepAgain(Member member) {
        EngineSteps engine = member.engine();
        String container = engine.container();
        Check freed = isFreed(List.of(member));
        return new Undo[] {
            settled(engine, "has woken", engine.isAwake()),
            Undo.by("Put " + container + " to sleep again", docker.sleep(engine.port(), engine.bearer()))
                    .unless(freed)
                    .confirm(freed, FREED),
            Undo.by("Stop " + container + ", which does not give its cards back", stop(member))
                    .unless(engine.stopped())
                    .confirm(engine.stopped(), STOPPED)
                    .ifLastFails(container + " does not give its cards back by sleeping")
        };
    }

    /** The engine is waited for and proved; what loads only when it is asked is asked first. */
    Undo[] back(Member member) {
        EngineSteps engine = member.engine();
        Undo first = member.sleeps() ? healthy(member) : ready(member);
        return engine.loadsWhenAsked()
                ? new Undo[] {
                    first,
                    Undo.by("Load " + engine.servedName() + " again", engine.load())
                            .unless(engine.loaded())
                            .confirm(engine.loaded(), Duration.ofSeconds(30)),
                    answers(member)
                }
                : new Undo[] {first, answers(member)};
    }

    private Undo answers(Member member) {
        EngineSteps engine = member.engine();
        return Undo.by(
                "Prove " + engine.container() + " by tokens",
                new Wait(
                        engine.container() + " answers",
                        Proof.within(Duration.ofSeconds(90), engine.answers(Duration.ofSeconds(60)))));
    }

    /** A question as a client asks it, answered by the engine that it shall come to. */
    Proof throughTheDoor(RouterAt router, String prefix, ClientRoute route, Member member) {
        return RouteSteps.throughTheDoor(router, prefix, route.name(), member.engine());
    }
}
