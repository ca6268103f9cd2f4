package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.EngineCall;
import dev.rackhouse.inference.EngineSteps;
import dev.rackhouse.inference.route.ClientRoute;
import dev.rackhouse.inference.route.RouteChange;
import dev.rackhouse.inference.route.RouteController;
import dev.rackhouse.inference.route.RouteController.Changed;
import dev.rackhouse.inference.route.RouteController.Holding;
import dev.rackhouse.inference.route.RouteController.RouteMap;
import dev.rackhouse.inference.route.RouteSteps;
import dev.rackhouse.inference.route.RoutesNow;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command.Pause;
import dev.rackhouse.runbook.Command.Wait;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Proof;
import dev.rackhouse.runbook.RetryPolicy;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * What routers are told in a run about one deployment. Each change is read back and undone to what was recorded; who answers a name is
 * proved by asking as a client does. Data only.
 *
 * @param controllers one for each kind of router
 * @param plan whose engine answers in the end
 * @param drain how long requests under way have to end; what is then still under way is cut off
 */
record RoutingSteps(List<RouteController> controllers, DeployPlan plan, Duration drain) {

    private static final String CUT_OFF = "What is still under way is cut off.";
    private static final int AIR_SECONDS = 20;

    /** What clients are told while nobody answers: about as long as it takes. */
    static int retryAfterSeconds(DeployPlan plan) {
        long usual = plan.usualSeconds() > 0
                ? plan.usualSeconds()
                : switch (plan.engine()) {
                    case VLLM -> 130;
                    case LLAMA_CPP, OLLAMA -> 40;
                };
        return Math.clamp(usual + AIR_SECONDS, 5, 300);
    }

    private RouteController controller(Routing routing) {
        return controllers.stream()
                .filter(c -> c.kind() == routing.at().kind())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "nobody drives " + routing.at().kind()));
    }

    private Changed drained(Routing routing, RoutesNow now) {
        return controller(routing)
                .drain(
                        routing.at(),
                        now,
                        names(routing.active()),
                        new Holding(retryAfterSeconds(plan), "another " + plan.container()));
    }

    private Changed led(Routing routing, RoutesNow now, List<ClientRoute> to) {
        return controller(routing)
                .activate(routing.at(), now, new RouteMap(plan.container(), plan.container(), to, Set.of()));
    }

    private static Set<String> names(List<ClientRoute> routes) {
        Set<String> names = new TreeSet<>();
        routes.forEach(r -> names.add(r.name()));
        return names;
    }

    /** Clients are told to come again, and nothing is under way any more: seen twice at the engine, between which a request may arrive. */
    Outline refused(Outline start, EngineSteps old) {
        Outline outline = start;
        List<Routing> refusing =
                plan.routes().stream().filter(r -> !r.drain().isEmpty()).toList();
        if (refusing.isEmpty()) {
            return outline;
        }
        for (Routing routing : refusing) {
            for (RouteChange change : drained(routing, routing.now()).changes()) {
                outline = RouteSteps.told(outline, change).undo(RouteSteps.back(change));
            }
        }
        for (Routing routing : refusing) {
            Check idle = controller(routing).idle(routing.at(), routing.drain()).orElse(null);
            if (idle != null) {
                outline = until(
                        outline,
                        "router-idle",
                        routing.at().name() + " carries no request of these names any more",
                        idle);
            }
        }
        return idle(outline, old);
    }

    private Outline idle(Outline start, EngineSteps engine) {
        if (!engine.countsRequests()) {
            return start;
        }
        String container = engine.container();
        return until(
                until(start, "idle-" + container, container + " computes and queues nothing", engine.idle())
                        .step(
                                "second-look",
                                "Look once more after a moment",
                                new Pause("a second look", Duration.ofSeconds(2))),
                "idle-again-" + container,
                container + " still computes and queues nothing",
                engine.idle());
    }

    private Outline until(Outline outline, String key, String title, Check idle) {
        return outline.step(
                        key, title, new Wait(title, Proof.within(drain, idle).orGoOn(CUT_OFF)))
                .retry(RetryPolicy.never());
    }

    /** The engine is proved: its names lead to it, and it answers to them. Undone, requests that it has accepted come to their end first. */
    Outline active(Outline start) {
        Outline outline = start;
        EngineSteps engine = plan.steps();
        for (Routing routing : plan.routes()) {
            RoutesNow now = routing.drain().isEmpty()
                    ? routing.now()
                    : drained(routing, routing.now()).then();
            for (RouteChange change : led(routing, now, routing.active()).changes()) {
                outline = RouteSteps.told(outline, change).undo(RouteSteps.back(change));
                outline = letEnd(outline, routing, engine);
            }
            outline = asked(outline, routing, engine);
        }
        return outline;
    }

    private Outline letEnd(Outline start, Routing routing, EngineSteps engine) {
        Outline outline = start;
        Check idle =
                controller(routing).idle(routing.at(), names(routing.active())).orElse(null);
        if (idle != null) {
            outline = outline.undo(Undo.by(
                    "Let the requests at " + routing.at().name() + " end",
                    new Wait(
                            "the router carries no request any more",
                            Proof.within(drain, idle).orGoOn(CUT_OFF))));
        }
        return engine.countsRequests() ? outline.undo(end(engine)) : outline;
    }

    private Undo end(EngineSteps engine) {
        return Undo.by(
                "Let the requests of " + engine.container() + " end",
                new Wait(
                        engine.container() + " computes and queues nothing",
                        Proof.within(drain, engine.idle())
                                .asLongAs(engine.stillRuns())
                                .orGoOn(CUT_OFF)));
    }

    private Outline asked(Outline start, Routing routing, EngineSteps engine) {
        Outline outline = start;
        for (ClientRoute route : routing.active()) {
            String prefix =
                    controller(routing).door(routing.now(), route.name()).orElse(null);
            if (prefix == null) {
                continue;
            }
            String title = "%s answers through %s, by %s"
                    .formatted(route.name(), routing.at().name(), engine.container());
            outline = outline.step(
                            "ask-" + route.name(),
                            title,
                            new Wait(title, RouteSteps.throughTheDoor(routing.at(), prefix, route.name(), engine)))
                    .retry(RetryPolicy.never());
        }
        return outline;
    }

    /** Clients are led to the canary, so that nobody is refused while the engine is replaced; the old one ends what it has accepted. */
    Outline carried(Outline start, DeployPlan canary, EngineSteps old) {
        Outline outline = start;
        for (Routing routing : plan.routes()) {
            for (RouteChange change : toCanary(routing, canary).changes()) {
                outline = RouteSteps.told(outline, change).undo(RouteSteps.back(change), end(canary.steps()));
            }
            outline = asked(outline, routing, canary.steps());
        }
        return idle(outline, old);
    }

    private Changed toCanary(Routing routing, DeployPlan canary) {
        return led(
                routing,
                routing.now(),
                routing.active().stream()
                        .map(r -> RouteAssessment.to(r, canary.port(), canary.servedName()))
                        .toList());
    }

    /**
     * Clients are led from the canary to the engine that took the place. While the canary runs, the way back leads to it again; after it
     * is removed, clients are told to come again until the old engine answers.
     */
    Outline home(Outline start, DeployPlan canary) {
        Outline outline = start;
        Check carries = Check.that(
                new EngineCall(canary.host()).inspect(canary.container()),
                Conditions.jsonEquals("/State/Status", "running"));
        for (Routing routing : plan.routes()) {
            Changed home = led(routing, toCanary(routing, canary).then(), routing.active());
            for (RouteChange change : home.changes()) {
                outline = RouteSteps.told(outline, change)
                        .undo(RouteSteps.back(change).onlyIf(carries));
            }
            for (RouteChange refusing : drained(routing, home.then()).changes()) {
                outline = outline.undo(
                        RouteSteps.alsoBack(refusing).onlyIf(canary.steps().stopped()));
            }
            if (plan.steps().countsRequests()) {
                outline = outline.undo(end(plan.steps()));
            }
            outline = asked(outline, routing, plan.steps());
        }
        return idle(outline, canary.steps());
    }

    /** Notes of a plan: one sentence for each router. */
    Outline noted(Outline start, UnaryOperator<String> sentence) {
        Outline outline = start;
        for (Routing routing : plan.routes()) {
            outline = outline.note(sentence.apply(routing.words()));
        }
        return outline;
    }
}
