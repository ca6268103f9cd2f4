package dev.rackhouse.rehearsal;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.inference.ContainerBody;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.EngineCall;
import dev.rackhouse.inference.LaunchSpec;
import dev.rackhouse.inference.PlaceHosts;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Machines;
import dev.rackhouse.runbook.MetGuests;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** thor's vLLM containers made anew with sleep mode, as somebody has deployed them; and a swap played by hand, for what comes after it. */
final class SleepyEngines {

    private static final List<String> PAIR = List.of("vllm-7b", "vllm-14b");
    private static final List<String> ALL = List.of("vllm-7b", "vllm-14b", "vllm-32b");

    private final Workbench workbench;
    private final PlaceRef place;
    private final MetGuests keys = new MetGuests();

    SleepyEngines(Workbench workbench, PlaceRef place) {
        this.workbench = workbench;
        this.place = place;
    }

    /** In the inference file all engines of vLLM may sleep. */
    static String inFile(String inference) {
        return inference.replace("profile: { utilization:", "profile: { sleep: true, utilization:");
    }

    /** Afterwards the pair answers. */
    void made() {
        for (String name : ALL) {
            LaunchSpec.Container launch = workbench
                    .part(Deployments.class)
                    .launch(deployment(name))
                    .map(LaunchSpec.Container.class::cast)
                    .orElseThrow();
            call(docker().remove(name));
            call(docker().create(name, ContainerBody.of(launch, Map.of())));
        }
        PAIR.forEach(name -> call(docker().start(name)));
        PAIR.forEach(this::awaitHealthy);
    }

    /** Sends what the steps of a swap send, in their order. */
    void byHand(Outline swap) {
        for (Step step : swap.steps()) {
            if (step.command() instanceof ServiceCall call && call.changes()) {
                call(call);
            }
            String engine = step.key().replaceFirst("^(sleep|follow)-", "");
            if (step.key().startsWith("sleep-")) {
                workbench.await(
                        engine + " sleeps",
                        Duration.ofSeconds(60),
                        () -> said(docker().isSleeping(deployment(engine).port(), ""))
                                .filter(answer -> answer.text().contains("true")));
            } else if (step.key().startsWith("follow-")) {
                awaitHealthy(engine);
            }
        }
    }

    private void awaitHealthy(String name) {
        workbench.await(
                name + " is healthy",
                Duration.ofSeconds(90),
                () -> said(docker().get(deployment(name).port(), "", "/health")).filter(Answer::succeeded));
    }

    private Deployment deployment(String name) {
        return workbench.part(Deployments.class).find(new DeploymentId(name)).orElseThrow();
    }

    private EngineCall docker() {
        return new EngineCall(workbench.part(PlaceHosts.class).host(place).orElseThrow());
    }

    private void call(ServiceCall call) {
        Answer answer = workbench.part(Machines.class).call(call, keys);
        if (!answer.succeeded()) {
            throw new IllegalStateException(call.path() + " was answered by " + answer.status() + " " + answer.text());
        }
    }

    private Optional<Answer> said(ServiceCall call) {
        try {
            return Optional.of(workbench.part(Machines.class).call(call, keys));
        } catch (RemoteFailure notYet) {
            return Optional.empty();
        }
    }
}
