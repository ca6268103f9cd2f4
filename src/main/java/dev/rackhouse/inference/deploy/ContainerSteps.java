package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.EngineCall;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.EngineSteps;
import dev.rackhouse.inference.LaunchSpec;
import dev.rackhouse.inference.OllamaModel;
import dev.rackhouse.inference.deploy.DeployPlan.Load;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Service;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The literal steps that put one container into place; what each undoes bears the run's mark. Data only. */
record ContainerSteps(DeployPlan plan) {

    private static final Duration QUICK = Duration.ofSeconds(40);
    private static final Duration LOADING = Duration.ofHours(6);

    private EngineCall call() {
        return new EngineCall(plan.host());
    }

    private EngineSteps engine() {
        return plan.steps();
    }

    Outline dockerReady(Outline outline) {
        return outline.check(
                "Docker answers and hands out GPUs",
                Check.that(call().docker("/info"), Condition.of(DeployConditions.GPUS_HANDED_OUT)));
    }

    Outline placeFree(Outline outline) {
        return outline.check("Name and port of " + plan.container() + " are free", placeIsFree());
    }

    Outline diskRoom(Outline outline) {
        return plan.diskMiB() > 0 ? outline.check("The disk has room for the model's files", diskHasRoom()) : outline;
    }

    /** Memory that was just freed may take some seconds until the driver shows it. */
    Outline gpuRoom(Outline outline, Duration within) {
        return outline.confirm("The GPUs have room for " + plan.container(), gpusHaveRoom(), within)
                .unless(engine().runs());
    }

    Outline create(Outline outline) {
        String container = plan.container();
        return outline.step(
                        "create-" + container,
                        "Create the container " + container,
                        call().create(container, plan.body()))
                .unless(asPlanned())
                .confirm(asPlanned(), Duration.ofSeconds(20))
                .undo(Undo.by("Remove the container " + container, call().remove(container))
                        .onlyIf(madeByThisRun())
                        .confirm(gone(), Duration.ofSeconds(30)));
    }

    Outline start(Outline outline) {
        return engine().start(outline)
                .undo(Undo.by("Stop " + plan.container(), call().stop(plan.container()))
                        .onlyIf(isOurs())
                        .confirm(engine().stopped(), Duration.ofSeconds(90)));
    }

    /** All proofs that it answers; Ollama pulls its model first, once it listens. */
    Outline proved(Outline outline) {
        Outline ready = plan.usualSeconds() == 0
                ? engine().ready(outline)
                : engine().ready(outline, Duration.ofSeconds(plan.usualSeconds()));
        return engine().answering(plan.engine() == EngineKind.OLLAMA ? model(ready) : ready);
    }

    /**
     * The model is pulled although the container shall not run yet: Ollama pulls only while it runs, and holds no memory of a GPU until
     * somebody asks for a model. Undone, it runs once more to delete what it pulled.
     */
    Outline pulled(Outline outline) {
        String container = plan.container();
        return model(engine().ready(start(outline)))
                .step("stop-" + container, "Stop " + container + " until its mode runs", call().stop(container))
                .unless(engine().stopped())
                .confirm(engine().stopped(), Duration.ofSeconds(90))
                .undo(Undo.by("Start " + container + " again", call().start(container))
                        .onlyIf(isOurs())
                        .unless(engine().runs())
                        .confirm(engine().healthy(), Duration.ofSeconds(60)));
    }

    /** What was pulled by this run is deleted when it is undone, as long as its container runs and no other one reads it. */
    private Outline model(Outline outline) {
        String name = OllamaModel.of(plan.weights()).name();
        ServiceCall tags = call().get(plan.port(), "", "/api/tags");
        Check there = Check.that(tags, Conditions.listHas("/models", "name", name));
        Check gone = Check.that(tags, Conditions.listLacks("/models", "name", name));
        return outline.step(
                        "pull-model",
                        "Pull " + name + " into Ollama",
                        new Shell(plan.host(), DeployScripts.loadIntoOllama(plan.container(), name), LOADING))
                .unless(there)
                .confirm(there, Duration.ofMinutes(1))
                .limit(LOADING)
                .undo(Undo.by(
                                "Delete " + name + " from Ollama",
                                call().delete(plan.port(), "", "/api/delete", "{\"model\":\"" + name + "\"}"))
                        .onlyIf(unshared(Map.of("running", "true")))
                        .unless(gone)
                        .confirm(gone, Duration.ofSeconds(30)));
    }

    Outline remove(Outline outline, String title) {
        return outline.step("remove-" + plan.container(), title, call().remove(plan.container()))
                .unless(gone())
                .confirm(gone(), Duration.ofSeconds(30));
    }

    private Check placeIsFree() {
        return Check.that(
                call().docker("/containers/json?all=true"),
                Condition.of(
                        DeployConditions.PLACE_FREE,
                        "container",
                        plan.container(),
                        "port",
                        Integer.toString(plan.port())));
    }

    private Check diskHasRoom() {
        return Check.that(
                new Shell(plan.host(), DeployScripts.free(plan.directory()), QUICK),
                Condition.of(DeployConditions.DISK_ROOM, "mib", Long.toString(plan.diskMiB())));
    }

    private Check gpusHaveRoom() {
        return Check.that(
                new Shell(plan.host(), DeployScripts.gpus(), QUICK),
                Condition.of(
                        DeployConditions.GPU_ROOM,
                        "gpus",
                        String.join(" ", plan.gpus()),
                        "mib",
                        Long.toString(plan.neededMiB())));
    }

    Outline image(Outline start) {
        Check there = Check.that(call().docker("/images/" + plan.image() + "/json"), Conditions.jsonPresent("/Id"));
        Check unused =
                Check.that(call().docker("/containers/json?all=true"), Conditions.listLacks("", "Image", plan.image()));
        Outline outline = start.step(
                        "pull-image",
                        "Pull " + plan.image(),
                        new Shell(plan.host(), DeployScripts.pull(plan.image()), LOADING))
                .unless(there)
                .confirm(there, Duration.ofSeconds(30))
                .limit(LOADING)
                .undo(Undo.by(
                                "Remove the image " + plan.image(),
                                ServiceCall.delete(
                                                plan.host(),
                                                new Service.DockerEngine(),
                                                EngineCall.API + "/images/" + plan.image())
                                        .limit(Duration.ofMinutes(2)))
                        .onlyIf(unused)
                        .unless(Check.that(call().docker("/images/" + plan.image() + "/json"), Conditions.absent())));
        if (plan.engine() != EngineKind.VLLM) {
            return outline;
        }
        return outline.check(
                "The image takes the model as planned",
                Check.that(
                        call().docker("/images/" + plan.image() + "/json"),
                        Condition.of(DeployConditions.TAKES_MODEL, "positional", Boolean.toString(plan.positional()))));
    }

    Outline files(Outline start) {
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
                .limit(LOADING)
                .undo(Undo.by(
                                "Remove " + plan.weights(),
                                new Shell(
                                        plan.host(), DeployScripts.removeFile(plan.directory(), plan.weights()), QUICK))
                        .onlyIf(unshared(Map.of("word", plan.weights())))
                        .confirm(
                                Check.that(
                                        new Shell(
                                                plan.host(),
                                                DeployScripts.gone(plan.directory() + "/" + plan.weights()),
                                                QUICK),
                                        Conditions.exitZero()),
                                Duration.ofSeconds(30)));
    }

    /** Nobody else reads the model's files. */
    private Check unshared(Map<String, String> more) {
        SortedMap<String, String> arguments = new TreeMap<>(more);
        arguments.put("container", plan.container());
        arguments.put("directory", plan.directory());
        return Check.that(
                call().docker("/containers/json?all=true"), new Condition(DeployConditions.FILES_UNSHARED, arguments));
    }

    Check asPlanned() {
        SortedMap<String, String> arguments = new TreeMap<>(Map.of(
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
        List<String> settings = plan.settings();
        if (!settings.isEmpty()) {
            arguments.put("settings", String.join("\n", settings));
        }
        return Check.that(call().inspect(plan.container()), new Condition(DeployConditions.AS_PLANNED, arguments));
    }

    /** As planned, and with the restart policy by which Docker brings it back after a restart of the machine. */
    Check stands() {
        return asPlanned().and(Conditions.jsonEquals("/HostConfig/RestartPolicy/Name", "unless-stopped"));
    }

    Check isOurs() {
        return Check.that(
                call().inspect(plan.container()),
                Conditions.jsonEquals("/Config/Labels/" + LaunchSpec.DEPLOYMENT_LABEL, plan.container()));
    }

    Check madeByThisRun() {
        return Check.that(
                call().inspect(plan.container()),
                Conditions.jsonEquals("/Config/Labels/" + DeployModel.RUN_LABEL, "{run.mark}"));
    }

    Check gone() {
        return Check.that(call().inspect(plan.container()), Conditions.absent());
    }
}
