package dev.rackhouse.inference.deploy;

import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Runbook;
import java.time.Duration;
import java.util.Locale;
import org.springframework.stereotype.Component;

/**
 * Puts an engine into place: looks once more at Docker, name, port, disk and GPUs, pulls the image, loads files, creates the container
 * and starts it, and is done when it has answered with tokens twice. Each step is skipped when it is so already. What is undone bears
 * this run's mark: the container that it created, the image that it pulled, the model that it loaded; what an engine loads by itself
 * at its start stays.
 */
@Component
public class DeployModel implements Runbook<DeployPlan> {

    public static final String NAME = "deploy-model";

    /** The label with which a run marks the container that it creates. */
    static final String RUN_LABEL = "rackhouse.run";

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

    @Override
    public Outline outline(DeployPlan plan) {
        ContainerSteps steps = new ContainerSteps(plan);
        Outline outline = Outline.titled("Deploy %s on %s", plan.container(), plan.place())
                .target(plan.place() + " / " + plan.container())
                .undoingOnFailure()
                .locks(plan.locks().toArray(String[]::new));
        outline = notes(outline, plan);
        outline = steps.placeFree(steps.dockerReady(outline));
        outline = steps.diskRoom(outline);
        if (plan.starts()) {
            outline = steps.gpuRoom(outline, Duration.ZERO);
        }
        outline = steps.create(steps.files(steps.image(outline)));
        if (plan.starts()) {
            return steps.proved(steps.start(outline))
                    .check("The container is as planned, and Docker starts it again by itself", steps.stands());
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
