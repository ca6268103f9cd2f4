package dev.rackhouse.inference.deploy;

import dev.rackhouse.base.Secret;
import dev.rackhouse.inference.EngineCall;
import dev.rackhouse.inference.EngineSteps;
import dev.rackhouse.inference.route.KeyedRouters;
import dev.rackhouse.inference.route.RouteController;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.CommandText;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Proof;
import dev.rackhouse.runbook.Runbook;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Replaces an engine by another version or tuning of it. Where both have room, the new one is proved and compared beside the old one
 * first, and a failure there interrupts nobody; where the router can, it leads clients to that canary meanwhile. Else clients are told
 * by the router to come again, and requests under way end. Then the old container is stopped and kept under another name, the new one
 * takes its name and port, and when it is proved, clients are led to it. Whatever fails, the old one is brought back, started, answers
 * again, and routers lead to it as they did.
 */
@Component
public class UpdateModel implements Runbook<UpdatePlan> {

    public static final String NAME = "update-model";

    private final List<RouteController> controllers;
    private final KeyedRouters routers;

    UpdateModel(List<RouteController> controllers, KeyedRouters routers) {
        this.routers = routers;
        this.controllers = List.copyOf(controllers);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "Update a deployed model";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Class<UpdatePlan> plan() {
        return UpdatePlan.class;
    }

    /** The keys of routers; what an engine is started with is given to the run by who starts it. */
    @Override
    public Map<String, Secret> secrets(UpdatePlan plan) {
        return routers.secrets(plan.next().routes().stream().map(Routing::at).toList());
    }

    @Override
    public Outline outline(UpdatePlan plan) {
        DeployPlan next = plan.next();
        ContainerSteps steps = new ContainerSteps(next);
        Outline outline = Outline.titled("Update %s on %s", plan.container(), next.place())
                .target(next.place() + " / " + plan.container())
                .undoingOnFailure()
                .locks(next.allLocks());
        RoutingSteps routing = new RoutingSteps(controllers, next, plan.drain());
        outline = notes(outline, plan, routing);
        outline = steps.diskRoom(steps.dockerReady(outline))
                .check("The container " + plan.container() + " is the one that was seen", isTheOneSeen(plan));
        outline = steps.files(steps.image(outline));
        EngineSteps old = plan.oldSteps();
        if (old != null) {
            outline =
                    outline.check(plan.container() + " answers before the update", old.answers(Duration.ofSeconds(60)));
            if (plan.compared()) {
                outline = Comparison.measure(outline, "the old engine", old, "old");
            }
        }
        DeployPlan canary = plan.canary();
        if (canary != null) {
            outline = beside(outline, plan, canary);
            outline = plan.carried() && old != null
                    ? routing.carried(outline, canary, old)
                    : new ContainerSteps(canary).remove(outline, "Remove the canary");
        }
        if (old != null && !plan.carried()) {
            outline = routing.refused(outline, old);
        }
        outline = swap(outline, plan, old);
        if (next.starts()) {
            outline = steps.gpuRoom(outline, Duration.ofMinutes(1));
        }
        outline = steps.create(outline);
        if (next.starts()) {
            outline = steps.proved(steps.start(outline));
            if (canary == null && plan.compared()) {
                outline = compared(outline, plan, "the new engine", next.steps());
            }
        }
        if (plan.carried() && canary != null) {
            outline = new ContainerSteps(canary).remove(routing.home(outline, canary), "Remove the canary");
        } else if (next.starts()) {
            outline = routing.active(outline);
        }
        outline = outline.check("The container is as planned, and Docker starts it again by itself", steps.stands());
        return cleared(outline, plan);
    }

    private static Outline notes(Outline start, UpdatePlan plan, RoutingSteps routing) {
        Outline outline = start;
        for (String change : plan.changes()) {
            outline = outline.note(change);
        }
        DeployPlan canary = plan.canary();
        String budget = plan.next().budget().words();
        if (canary != null) {
            outline = outline.note("The new engine is proved beside the old one first, on %s at port %d."
                    .formatted(String.join(", ", canary.gpus()), canary.port()));
        }
        if (plan.old() == null) {
            outline = outline.note("The container does not run; nobody is interrupted.");
        } else if (plan.carried()) {
            outline = routing.noted(
                    outline,
                    names -> "Clients of " + names + " are led to it while the old one is replaced; none is refused.");
        } else if (plan.refuses()) {
            outline = routing.noted(
                    outline,
                    names ->
                            "Clients of %s are told to come again in %d s (503 with Retry-After) until the new engine answers."
                                    .formatted(names, RoutingSteps.retryAfterSeconds(plan.next())));
        } else {
            outline = outline.note(
                    "Clients of %s find port %d closed from the stop until the new engine is ready; no router tells them to wait."
                            .formatted(plan.old().servedName(), plan.old().port()));
        }
        if (plan.carried() || plan.refuses()) {
            outline = outline.note(
                    "Requests under way have %s to end before the old container is stopped; what is then still under way is cut off."
                            .formatted(CommandText.time(plan.drain())));
        }
        outline = outline.note("The start of " + plan.container() + ": " + budget + ".");
        return outline.note("The old container is kept as %s, stopped; undoing brings it back."
                .formatted(plan.container() + "-before-RUN"));
    }

    private static Outline beside(Outline start, UpdatePlan plan, DeployPlan canary) {
        ContainerSteps steps = new ContainerSteps(canary);
        Outline outline = steps.gpuRoom(steps.placeFree(start), Duration.ZERO);
        outline = steps.proved(steps.start(steps.create(outline)));
        return plan.compared() ? compared(outline, plan, "the canary", canary.steps()) : outline;
    }

    private static Outline compared(Outline start, UpdatePlan plan, String who, EngineSteps engine) {
        return Comparison.measure(start, who, engine, "new")
                .check("It is as fast as the old engine", Comparison.asFast(engine, plan.slowerPercent()));
    }

    /** The old one steps aside; it is undone from the end: the name back, then its start, then its answer. */
    private static Outline swap(Outline start, UpdatePlan plan, @Nullable EngineSteps old) {
        EngineCall call = new EngineCall(plan.next().host());
        EngineSteps now = plan.next().steps();
        Outline outline = start;
        if (old != null) {
            outline = outline.step("stop-old", "Stop " + plan.container(), call.stop(plan.container()))
                    .unless(now.stopped())
                    .confirm(now.stopped(), Duration.ofSeconds(60))
                    .undo(
                            Undo.by("Start the old " + plan.container() + " again", call.start(plan.container()))
                                    .unless(old.runs())
                                    .confirm(old.runs(), Duration.ofSeconds(30)),
                            Undo.by(
                                    "The old " + plan.container() + " answers again",
                                    new Command.Wait(
                                            "the old engine answers again",
                                            Proof.within(
                                                            Duration.ofSeconds(
                                                                    plan.next().budgetSeconds()),
                                                            old.answers(Duration.ofSeconds(60)))
                                                    .asLongAs(old.stillRuns()))));
        }
        Check kept = Check.that(call.inspect(plan.keptAs()), Conditions.jsonPresent("/Id"));
        return outline.step(
                        "keep-old",
                        "Keep the old container under another name",
                        call.rename(plan.container(), plan.keptAs()))
                .unless(kept)
                .confirm(kept, Duration.ofSeconds(20))
                .undo(Undo.by("Give the old container its name back", call.rename(plan.keptAs(), plan.container()))
                        .onlyIf(kept)
                        .confirm(
                                Check.that(call.inspect(plan.container()), Conditions.jsonPresent("/Id")),
                                Duration.ofSeconds(20)));
    }

    private static Outline cleared(Outline start, UpdatePlan plan) {
        EngineCall call = new EngineCall(plan.next().host());
        Outline outline = start;
        for (String leftover : plan.leftovers()) {
            Check gone = Check.that(call.inspect(leftover), Conditions.absent());
            outline = outline.step("Remove " + leftover + ", which an earlier update kept", call.remove(leftover))
                    .unless(gone)
                    .confirm(gone, Duration.ofSeconds(30));
        }
        return outline;
    }

    /** One that was taken over bears no label of ours, so the image tells. */
    private static Check isTheOneSeen(UpdatePlan plan) {
        return Check.that(
                new EngineCall(plan.next().host()).inspect(plan.container()),
                Conditions.jsonEquals("/Config/Image", plan.oldImage()));
    }
}
