package dev.rackhouse.inference.swap;

import dev.rackhouse.base.Secret;
import dev.rackhouse.inference.EngineSteps;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.route.KeyedRouters;
import dev.rackhouse.inference.route.RouteChange;
import dev.rackhouse.inference.route.RouteController;
import dev.rackhouse.inference.route.RouteController.Changed;
import dev.rackhouse.inference.route.RouteController.Holding;
import dev.rackhouse.inference.route.RouteController.RouteMap;
import dev.rackhouse.inference.route.RouteSteps;
import dev.rackhouse.inference.route.RouterKind;
import dev.rackhouse.inference.swap.SwapPlan.Member;
import dev.rackhouse.inference.swap.SwapPlan.Routing;
import dev.rackhouse.runbook.Command.Pause;
import dev.rackhouse.runbook.Command.Wait;
import dev.rackhouse.runbook.CommandText;
import dev.rackhouse.runbook.Locks;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Proof;
import dev.rackhouse.runbook.RetryPolicy;
import dev.rackhouse.runbook.Runbook;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Switches a place to another mode: clients are told to come again, requests under way end, the old set stops and its memory is free,
 * the new set starts and is proved by tokens, and only then clients are sent to it. An engine that may sleep sleeps instead of being
 * stopped, and is woken instead of being started. Both sets never compute together. Any failure leads back by itself in the same order: the new set stopped, its memory free, the old set started and proved, clients sent to it again; the
 * undo of a run that is done is the same way back.
 */
@Component
public class SwapServingMode implements Runbook<SwapPlan> {

    public static final String NAME = "swap-serving-mode";

    private static final Duration STOPPED = Duration.ofSeconds(60);

    private final Map<RouterKind, RouteController> controllers = new EnumMap<>(RouterKind.class);

    private final KeyedRouters routers;

    SwapServingMode(List<RouteController> controllers, KeyedRouters routers) {
        this.routers = routers;
        controllers.forEach(c -> this.controllers.put(c.kind(), c));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "Switch the serving mode";
    }

    @Override
    public int version() {
        return 2;
    }

    @Override
    public Class<SwapPlan> plan() {
        return SwapPlan.class;
    }

    /** The key of the router, where it has one. */
    @Override
    public Map<String, Secret> secrets(SwapPlan plan) {
        Routing routing = plan.router();
        return routing == null ? Map.of() : routers.secrets(List.of(routing.at()));
    }

    RouteController controller(RouterKind kind) {
        return java.util.Objects.requireNonNull(controllers.get(kind), () -> "nobody drives " + kind);
    }

    @Override
    public Outline outline(SwapPlan plan) {
        SwapCalls calls = new SwapCalls(plan);
        Outline outline = Outline.titled("Switch %s to %s", plan.where(), plan.modeTitle())
                .target(plan.where())
                .locks(locks(
                                PlaceRef.parse(plan.place()),
                                SwapCalls.cards(plan.stop(), plan.halt(), plan.start(), plan.keep()))
                        .toArray(String[]::new))
                .undoingOnFailure();
        for (String note : notes(plan)) {
            outline = outline.note(note);
        }
        Routes routes = routes(plan.router(), plan);
        outline = asPlanned(outline, plan, calls);
        outline = told(outline, routes == null ? null : routes.drained());
        outline = drained(outline, plan, calls, routes);
        outline = stopped(outline, plan, calls);
        outline = started(outline, plan, calls, routes == null);
        return switched(outline, plan, calls, routes);
    }

    /** What the router is told, worked out once. */
    private record Routes(Routing routing, RouteController controller, Changed drained, Changed switched) {
        Set<String> activeNames() {
            return routing.active().stream().map(r -> r.name()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private @Nullable Routes routes(@Nullable Routing routing, SwapPlan plan) {
        if (routing == null) {
            return null;
        }
        RouteController controller = controller(routing.at().kind());
        Changed drained = controller.drain(
                routing.at(),
                routing.now(),
                routing.drain(),
                new Holding(routing.retryAfterSeconds(), plan.modeTitle()));
        Changed switched = controller.activate(
                routing.at(),
                drained.then(),
                new RouteMap(plan.mode(), plan.modeTitle(), routing.active(), routing.off()));
        return new Routes(routing, controller, drained, switched);
    }

    /** The place, and each of its cards. */
    static List<String> locks(PlaceRef place, Collection<String> uuids) {
        List<String> locks = new ArrayList<>();
        locks.add(
                switch (place) {
                    case PlaceRef.InGuest guest -> Locks.guest(guest.guest());
                    case PlaceRef.OnHost host -> Locks.node(host.node());
                });
        uuids.forEach(uuid -> locks.add("gpu:" + uuid));
        return locks;
    }

    private static List<String> notes(SwapPlan plan) {
        List<String> notes = new ArrayList<>();
        Routing routing = plan.router();
        String names = routing == null ? "" : String.join(", ", routing.drain());
        if (routing != null && !names.isEmpty()) {
            notes.add("Clients of " + names + " are told to come again in " + routing.retryAfterSeconds()
                    + " s (503 with Retry-After) until " + plan.modeTitle() + " answers.");
        }
        if (!plan.stop().isEmpty()) {
            notes.add("Requests under way have " + CommandText.time(plan.drain())
                    + " to end, at the router and at each engine. "
                    + switch (plan.atDeadline()) {
                        case RETURN -> "If they do not, nothing is stopped and clients are sent to the old set again.";
                        case GO_ON -> "After that the old set is stopped, and what is still under way is cut off.";
                    });
        }
        sleepers(plan).ifPresent(notes::add);
        notes.add("At any failure the run returns by itself"
                + (plan.stop().isEmpty()
                        ? " and stops what it has started."
                        : " to " + names(plan.stop()) + " and proves it by tokens."));
        notes.add("Afterwards the undo of this run is the way back; it lets requests under way end first.");
        return notes;
    }

    /** Who sleeps and who is stopped, and about how long each takes. */
    private static Optional<String> sleepers(SwapPlan plan) {
        if (Stream.concat(plan.stop().stream(), plan.start().stream()).noneMatch(Member::sleeps)) {
            return Optional.empty();
        }
        List<String> parts = new ArrayList<>();
        part(plan.stop(), true, " put to sleep (about 4 s each)").ifPresent(parts::add);
        part(plan.stop(), false, " stopped (about 6 s each)").ifPresent(parts::add);
        part(plan.start(), true, " woken (about 4 s each)").ifPresent(parts::add);
        part(plan.start(), false, " started (about 90 s each)").ifPresent(parts::add);
        return Optional.of(String.join("; ", parts) + ".");
    }

    private static Optional<String> part(List<Member> members, boolean sleeping, String what) {
        List<Member> those =
                members.stream().filter(m -> m.sleeps() == sleeping).toList();
        return those.isEmpty()
                ? Optional.empty()
                : Optional.of(names(those) + (those.size() == 1 ? " is" : " are") + what);
    }

    private static String names(List<Member> members) {
        return members.stream().map(m -> m.engine().container()).collect(Collectors.joining(" and "));
    }

    /** What was judged may have changed since. Also learns since when each engine runs. */
    private static Outline asPlanned(Outline start, SwapPlan plan, SwapCalls calls) {
        Outline outline = start;
        for (Member member : plan.stop()) {
            outline = outline.check(
                    member.engine().container() + " runs as planned",
                    member.engine().runs());
        }
        for (Member member : plan.keep()) {
            outline = outline.check(
                    member.engine().container() + " runs and stays",
                    member.engine().runs());
        }
        for (Member member : plan.start()) {
            if (member.sleeps()) {
                outline = outline.check(
                                member.engine().container() + " runs as planned",
                                member.engine().runs())
                        .check(
                                member.engine().container() + " sleeps",
                                member.engine().sleeps());
            } else if (!plan.halt().contains(member)) {
                outline = outline.check(member.engine().container() + " is stopped", calls.waitsStopped(member));
            }
        }
        for (String image : plan.images()) {
            outline = outline.check("The image " + image + " is there", calls.imageIsThere(image));
        }
        return outline.check("The GPUs answer, and nobody else holds them", calls.onlyOursHoldTheCards());
    }

    private static Outline told(Outline start, @Nullable Changed changed) {
        Outline outline = start;
        for (RouteChange change : changed == null ? List.<RouteChange>of() : changed.changes()) {
            outline = RouteSteps.told(outline, change).undo(RouteSteps.back(change));
        }
        return outline;
    }

    /** Nothing under way, seen twice: a request may be between the router and the engine at the first look. */
    private static Outline drained(Outline start, SwapPlan plan, SwapCalls calls, @Nullable Routes routes) {
        Outline outline = start;
        if (plan.stop().isEmpty()) {
            return outline;
        }
        if (routes != null) {
            var idle = routes.controller()
                    .idle(routes.routing().at(), routes.routing().drain());
            if (idle.isPresent()) {
                outline = wait(
                        outline,
                        "router-idle",
                        "The router carries no request of the old set any more",
                        calls.drains(Proof.within(plan.drain(), idle.get())));
            }
        }
        List<Member> counted =
                plan.stop().stream().filter(SwapCalls::countsRequests).toList();
        for (Member member : counted) {
            String container = member.engine().container();
            outline = wait(
                    outline,
                    "idle-" + container,
                    container + " computes and queues nothing",
                    calls.drains(Proof.within(plan.drain(), calls.idle(member))));
        }
        if (!counted.isEmpty()) {
            outline = outline.step(
                    "second-look", "Look once more after a moment", new Pause("a second look", Duration.ofSeconds(2)));
        }
        for (Member member : counted) {
            String container = member.engine().container();
            outline = wait(
                    outline,
                    "idle-again-" + container,
                    container + " still computes and queues nothing",
                    calls.drains(Proof.within(plan.drain(), calls.idle(member))));
        }
        return outline;
    }

    private static Outline wait(Outline outline, String key, String title, Proof proof) {
        return outline.step(key, title, new Wait(title, proof)).retry(RetryPolicy.never());
    }

    /**
     * The undo of the first stop is the last one that is done: by then all of the old set is started, so that it waits there for all of
     * them at once. Engines that share a card load one after the other.
     */
    private static Outline stopped(Outline start, SwapPlan plan, SwapCalls calls) {
        Outline outline = start;
        boolean shared = SwapCalls.share(plan.stop());
        for (int i = 0; i < plan.stop().size(); i++) {
            Member member = plan.stop().get(i);
            String container = member.engine().container();
            outline = member.sleeps()
                    ? member.engine().sleep(outline).undo(calls.awakeAgain(member))
                    : outline.step("stop-" + container, "Stop " + container, calls.stop(member))
                            .unless(member.engine().stopped())
                            .confirm(member.engine().stopped(), SwapCalls.STOPPED)
                            .usually(Duration.ofSeconds(6))
                            .undo(calls.startedAgain(member));
            List<Member> awaited = shared ? List.of(member) : i == 0 ? plan.stop() : List.of();
            for (Member one : awaited) {
                outline = outline.undo(calls.back(one));
            }
        }
        for (Member member : plan.halt()) {
            String container = member.engine().container();
            outline = outline.step(
                            "halt-" + container,
                            member.sleeps()
                                    ? "Stop " + container + ", which sleeps"
                                    : "End the restarts of " + container,
                            calls.stop(member))
                    .unless(member.engine().stopped())
                    .confirm(member.engine().stopped(), SwapCalls.STOPPED);
        }
        return plan.stop().isEmpty() && plan.halt().isEmpty()
                ? outline
                : outline.step(
                                "freed",
                                plan.stop().stream().anyMatch(Member::sleeps)
                                        ? "The memory of the GPUs is really free, but for the little that sleepers keep"
                                        : "The memory of the GPUs is really free",
                                new Wait(
                                        "the memory of the GPUs is free",
                                        calls.freed(plan.stop(), plan.halt(), plan.start())))
                        .retry(RetryPolicy.never())
                        .usually(Duration.ofSeconds(3));
    }

    /** @param direct clients reach engines without a router, so that the way back lets their requests end here */
    private static Outline started(Outline start, SwapPlan plan, SwapCalls calls, boolean direct) {
        Outline outline = start;
        List<Member> loading = new ArrayList<>();
        for (Member member : plan.start()) {
            if (loading.stream().anyMatch(other -> SwapCalls.share(List.of(other, member)))) {
                outline = proved(outline, loading);
                loading.clear();
            }
            EngineSteps engine = member.engine();
            outline = member.sleeps() ? engine.wake(outline) : engine.start(outline);
            if (direct && SwapCalls.countsRequests(member)) {
                outline = outline.undo(calls.letEnd(member));
            }
            outline = member.sleeps()
                    ? outline.undo(calls.asleepAgain(member))
                    : outline.undo(Undo.by("Stop " + engine.container(), calls.stop(member))
                            .unless(engine.stopped())
                            .confirm(engine.stopped(), SwapCalls.STOPPED));
            outline = outline.undo(Undo.by(
                    "Wait until its memory is free",
                    new Wait("the memory of the GPUs is free", calls.freed(List.of(member)))));
            loading.add(member);
        }
        outline = proved(outline, loading);
        for (Member member : plan.keep()) {
            outline = outline.check(
                    member.engine().container() + " still answers",
                    member.engine().answers(Duration.ofSeconds(60)));
        }
        return outline;
    }

    private static Outline proved(Outline start, List<Member> loading) {
        Outline outline = start;
        for (Member member : loading) {
            outline = member.sleeps()
                    ? member.engine().provedAwake(outline)
                    : member.engine().proved(outline);
        }
        return outline;
    }

    /** Undone first: new requests are refused, and those that the new set has accepted come to their end. */
    private static Outline switched(Outline start, SwapPlan plan, SwapCalls calls, @Nullable Routes routes) {
        Outline outline = start;
        if (routes == null) {
            return outline;
        }
        boolean first = true;
        for (RouteChange change : routes.switched().changes()) {
            outline = RouteSteps.told(outline, change).undo(RouteSteps.back(change));
            if (first) {
                var idle = routes.controller().idle(routes.routing().at(), routes.activeNames());
                if (idle.isPresent()) {
                    outline = outline.undo(calls.letEnd("the router carries no request any more", idle.get()));
                }
                for (Member member : plan.start()) {
                    if (SwapCalls.countsRequests(member)) {
                        outline = outline.undo(calls.letEnd(member));
                    }
                }
            }
            first = false;
        }
        List<Member> serving = new ArrayList<>(plan.start());
        serving.addAll(plan.keep());
        for (var route : routes.routing().active()) {
            var door = routes.controller().door(routes.routing().now(), route.name());
            for (Member member : door.isEmpty() ? List.<Member>of() : serving) {
                if (member.engine().port() == route.port()
                        || route.backend().isEmpty()
                                && route.model().equals(member.engine().servedName())) {
                    outline = wait(
                            outline,
                            "ask-" + route.name(),
                            route.name() + " answers through the router, by "
                                    + member.engine().container(),
                            calls.throughTheDoor(routes.routing().at(), door.get(), route, member));
                }
            }
        }
        return outline;
    }
}
