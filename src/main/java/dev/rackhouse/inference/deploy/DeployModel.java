package dev.rackhouse.inference.deploy;

import dev.rackhouse.base.Secret;
import dev.rackhouse.inference.route.KeyedRouters;
import dev.rackhouse.inference.route.RouteController;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Runbook;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Puts an engine into place: looks once more at Docker, name, port, disk and GPUs, pulls the image, loads files, creates the container
 * and starts it, proves that it answers with tokens twice, and lets routers lead clients to it. Each step is skipped when it is so
 * already. What is undone bears this run's mark: the container that it created, the image that it pulled, the model that it loaded;
 * what an engine loads by itself at its start stays.
 */
@Component
public class DeployModel implements Runbook<DeployPlan> {

    public static final String NAME = "deploy-model";

    /** The label with which a run marks the container that it creates. */
    static final String RUN_LABEL = "rackhouse.run";

    /** How long requests under way have to end when it is undone. */
    static final Duration DRAIN = Duration.ofSeconds(120);

    private final List<RouteController> controllers;
    private final KeyedRouters routers;

    DeployModel(List<RouteController> controllers, KeyedRouters routers) {
        this.routers = routers;
        this.controllers = List.copyOf(controllers);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "Deploy a model";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Class<DeployPlan> plan() {
        return DeployPlan.class;
    }

    /** The keys of routers; what an engine is started with is given to the run by who starts it. */
    @Override
    public Map<String, Secret> secrets(DeployPlan plan) {
        return routers.secrets(plan.routes().stream().map(Routing::at).toList());
    }

    @Override
    public Outline outline(DeployPlan plan) {
        ContainerSteps steps = new ContainerSteps(plan);
        Outline outline = Outline.titled("Deploy %s on %s", plan.container(), plan.place())
                .target(plan.place() + " / " + plan.container())
                .undoingOnFailure()
                .locks(plan.allLocks());
        RoutingSteps routing = new RoutingSteps(controllers, plan, DRAIN);
        outline = routing.noted(
                notes(outline, plan),
                names -> "Clients are led to it by the names " + names
                        + ", when it has proved itself; undoing takes that back.");
        outline = steps.placeFree(steps.dockerReady(outline));
        outline = steps.diskRoom(outline);
        if (plan.starts()) {
            outline = steps.gpuRoom(outline, Duration.ZERO);
        }
        outline = steps.create(steps.files(steps.image(outline)));
        if (plan.starts()) {
            return routing.active(steps.proved(steps.start(outline))
                    .check("The container is as planned, and Docker starts it again by itself", steps.stands()));
        }
        return plan.load() == DeployPlan.Load.OLLAMA ? steps.pulled(outline) : outline;
    }

    static Outline notes(Outline start, DeployPlan plan) {
        Outline outline = start.note("Afterwards %s answers at port %d as %s, and proves it with tokens."
                .formatted(plan.container(), plan.port(), plan.servedName()));
        if (!plan.starts()) {
            outline = start.note("The container is created and not started: " + plan.waitsFor());
            if (plan.load() == DeployPlan.Load.OLLAMA) {
                outline = outline.note(
                        "It runs only while it pulls its model, for which it takes no memory of the GPUs, and is stopped again.");
            }
        } else {
            outline = outline.note(
                    "The start of " + plan.container() + ": " + plan.budget().words() + ".");
        }
        return switch (plan.load()) {
            case THERE -> outline.note("The model's files lie in " + plan.directory() + " already.");
            case BY_ENGINE ->
                outline.note(
                        "The engine loads %s by itself at its first start, about %s, into %s. They stay there when this is undone."
                                .formatted(plan.weights(), size(plan.diskMiB()), plan.directory()));
            case FILE, OLLAMA ->
                outline.note("About %s are loaded into %s. When this is undone, what it has loaded is removed again."
                        .formatted(size(plan.diskMiB()), plan.directory()));
        };
    }

    private static String size(long mib) {
        return String.format(Locale.ROOT, "%.1f GiB", mib / 1024.0);
    }
}
