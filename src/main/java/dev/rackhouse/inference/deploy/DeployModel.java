package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.EngineCall;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.EngineSteps;
import dev.rackhouse.inference.LaunchSpec;
import dev.rackhouse.inference.deploy.DeployPlan.Load;
import dev.rackhouse.proxmox.PveMethod;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Runbook;
import dev.rackhouse.runbook.Service;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;
import java.util.Locale;
import org.springframework.stereotype.Component;

/**
 * Puts an engine into place: looks once more at Docker, name, port, disk and GPUs, pulls the image, loads files, creates the container
 * and starts it, and is done when it has answered with tokens twice. Each step is skipped when it is so already. What is undone bears
 * this run's mark: the container that it created, the image that it pulled; files stay.
 */
@Component
public class DeployModel implements Runbook<DeployPlan> {

    public static final String NAME = "deploy-model";

    /** The label with which a run marks the container that it creates. */
    static final String RUN_LABEL = "rackhouse.run";

    private static final Duration QUICK = Duration.ofSeconds(40);
    private static final Duration LOADING = Duration.ofHours(6);

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
        EngineCall call = new EngineCall(plan.host());
        EngineSteps steps = plan.steps();
        Outline outline = Outline.titled("Deploy %s on %s", plan.container(), plan.place())
                .target(plan.place() + " / " + plan.container())
                .undoingOnFailure();
        for (String lock : plan.locks()) {
            outline = outline.locks(lock);
        }
        outline = notes(outline, plan);
        outline = looks(outline, plan, call, steps);
        outline = image(outline, plan, call);
        outline = files(outline, plan);
        outline = outline.step(
                        "create-container",
                        "Create the container " + plan.container(),
                        call.create(plan.container(), plan.body()))
                .unless(asPlanned(plan))
                .confirm(asPlanned(plan), Duration.ofSeconds(20))
                .undo(Undo.by("Remove the container " + plan.container(), call.remove(plan.container()))
                        .onlyIf(madeByThisRun(call, plan.container()))
                        .confirm(gone(call, plan.container()), Duration.ofSeconds(30)));
        if (!plan.starts()) {
            return outline;
        }
        outline = steps.start(outline)
                .undo(Undo.by("Stop " + plan.container(), call.stop(plan.container()))
                        .onlyIf(isOurs(call, plan))
                        .confirm(steps.stopped(), Duration.ofSeconds(90)));
        if (plan.load() == Load.OLLAMA) {
            outline = outline.step(
                            "Load " + plan.weights() + " into Ollama",
                            new Shell(
                                    plan.host(),
                                    DeployScripts.loadIntoOllama(plan.container(), plan.weights()),
                                    LOADING))
                    .confirm(steps.serves(), Duration.ofMinutes(1))
                    .limit(LOADING);
        }
        return steps.proved(outline).check("The container is as planned, and Docker starts it again by itself", stands(plan));
    }

    private static Outline notes(Outline start, DeployPlan plan) {
        Outline outline = start.note(
                "Afterwards %s answers at port %d as %s, and proves it with tokens."
                        .formatted(plan.container(), plan.port(), plan.servedName()));
        if (!plan.starts()) {
            outline = start.note("The container is created and not started: " + plan.waitsFor());
        }
        return switch (plan.load()) {
            case THERE -> outline.note("The model's files lie in " + plan.directory() + " already.");
            case BY_ENGINE ->
                outline.note("The engine loads %s by itself at its first start, about %s, into %s. They stay there when this is undone."
                        .formatted(plan.weights(), size(plan.diskMiB()), plan.directory()));
            case FILE, OLLAMA ->
                outline.note("About %s are loaded into %s. They stay there when this is undone."
                        .formatted(size(plan.diskMiB()), plan.directory()));
        };
    }

    private static String size(long mib) {
        return String.format(Locale.ROOT, "%.1f GiB", mib / 1024.0);
    }

    private static Outline looks(Outline start, DeployPlan plan, EngineCall call, EngineSteps steps) {
        Outline outline = start.check(
                        "Docker answers and hands out GPUs",
                        Check.that(call.docker("/info"), Condition.of(DeployConditions.GPUS_HANDED_OUT)))
                .check("Name and port are free", placeIsFree(call, plan));
        if (plan.diskMiB() > 0) {
            outline = outline.check("The disk has room for the model's files", diskHasRoom(plan));
        }
        if (plan.starts()) {
            outline = outline.check("The GPUs have room", gpusHaveRoom(plan)).unless(steps.runs());
        }
        return outline;
    }

    private static Check placeIsFree(EngineCall call, DeployPlan plan) {
        return Check.that(
                call.docker("/containers/json?all=true"),
                Condition.of(
                        DeployConditions.PLACE_FREE,
                        "container",
                        plan.container(),
                        "port",
                        Integer.toString(plan.port())));
    }

    private static Check diskHasRoom(DeployPlan plan) {
        return Check.that(
                new Shell(plan.host(), DeployScripts.free(plan.directory()), QUICK),
                Condition.of(DeployConditions.DISK_ROOM, "mib", Long.toString(plan.diskMiB())));
    }

    private static Check gpusHaveRoom(DeployPlan plan) {
        return Check.that(
                new Shell(plan.host(), DeployScripts.gpus(), QUICK),
                Condition.of(
                        DeployConditions.GPU_ROOM,
                        "gpus",
                        String.join(" ", plan.gpus()),
                        "mib",
                        Long.toString(plan.neededMiB())));
    }

    private static Outline image(Outline start, DeployPlan plan, EngineCall call) {
        Check there = Check.that(call.docker("/images/" + plan.image() + "/json"), Conditions.jsonPresent("/Id"));
        Check unused = Check.that(
                call.docker("/containers/json?all=true"), Conditions.listLacks("", "Image", plan.image()));
        Outline outline = start.step(
                        "pull-image",
                        "Pull " + plan.image(),
                        new Shell(plan.host(), DeployScripts.pull(plan.image()), LOADING))
                .unless(there)
                .confirm(there, Duration.ofSeconds(30))
                .limit(LOADING)
                .undo(Undo.by(
                                "Remove the image " + plan.image(),
                                new ServiceCall(
                                        plan.host(),
                                        new Service.DockerEngine(),
                                        PveMethod.DELETE,
                                        EngineCall.API + "/images/" + plan.image(),
                                        null,
                                        Duration.ofMinutes(2)))
                        .onlyIf(unused)
                        .unless(Check.that(
                                call.docker("/images/" + plan.image() + "/json"), Conditions.absent())));
        if (plan.engine() != EngineKind.VLLM) {
            return outline;
        }
        return outline.check(
                "The image takes the model as planned",
                Check.that(
                        call.docker("/images/" + plan.image() + "/json"),
                        Condition.of(
                                DeployConditions.TAKES_MODEL, "positional", Boolean.toString(plan.positional()))));
    }

    private static Outline files(Outline start, DeployPlan plan) {
        if (plan.load() != Load.FILE) {
            return start;
        }
        Check there = Check.that(
                new Shell(plan.host(), DeployScripts.there(plan.directory() + "/" + plan.weights(), false), QUICK),
                Conditions.exitZero());
        return start.step(
                        "load-file",
                        "Load " + plan.weights(),
                        new Shell(plan.host(), DeployScripts.loadFile(plan.directory(), plan.weights()), LOADING))
                .unless(there)
                .confirm(there, Duration.ofSeconds(30))
                .limit(LOADING);
    }

    private static Check asPlanned(DeployPlan plan) {
        return Check.that(
                new EngineCall(plan.host()).inspect(plan.container()),
                Condition.of(
                        DeployConditions.AS_PLANNED,
                        "deployment",
                        plan.container(),
                        "image",
                        plan.image(),
                        "command",
                        String.join("\n", plan.command()),
                        "gpus",
                        String.join(" ", plan.gpus()),
                        "port",
                        Integer.toString(plan.port())));
    }

    /** As planned, and with the restart policy by which Docker brings it back after a restart of the machine. */
    private static Check stands(DeployPlan plan) {
        return asPlanned(plan).and(Conditions.jsonEquals("/HostConfig/RestartPolicy/Name", "unless-stopped"));
    }

    private static Check isOurs(EngineCall call, DeployPlan plan) {
        return Check.that(
                call.inspect(plan.container()),
                Conditions.jsonEquals("/Config/Labels/" + LaunchSpec.DEPLOYMENT_LABEL, plan.container()));
    }

    static Check madeByThisRun(EngineCall call, String container) {
        return Check.that(call.inspect(container), Conditions.jsonEquals("/Config/Labels/" + RUN_LABEL, "{run.mark}"));
    }

    static Check gone(EngineCall call, String container) {
        return Check.that(call.inspect(container), Conditions.absent());
    }
}
