package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.EngineSteps;
import dev.rackhouse.inference.Model.Purpose;
import dev.rackhouse.inference.live.StartBudget;
import dev.rackhouse.runbook.Host;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * A container of an engine that shall be put into place: all that its run is made from.
 *
 * @param container name, which is the deployment's
 * @param place as shown: {@code 110 ai-inference on thor}
 * @param locks held by the run
 * @param body the literal body with which Docker creates it
 * @param command its arguments, in the words of the image
 * @param positional whether the image must take the model in the first place ({@code vllm serve}); of vLLM only
 * @param kvTokens the least that its cache must hold; 0: not asked
 * @param neededMiB that must be free on each of its GPUs before it starts; 0: not asked
 * @param directory where the model's files lie
 * @param diskMiB that must be free there; 0: nothing is loaded
 * @param weights where the files are, below the directory or at their publisher
 * @param load how files that are not there come there
 * @param waitsFor why it is not started now: the mode that runs; empty: it is started
 * @param budgetSeconds from start to ready; then it is given up
 * @param usualSeconds how long its starts usually take; 0: it was never seen starting
 * @param routes what routers are told when it answers
 */
public record DeployPlan(
        String container,
        Host host,
        String place,
        List<String> locks,
        EngineKind engine,
        Purpose purpose,
        String image,
        String body,
        List<String> command,
        boolean positional,
        List<String> gpus,
        int port,
        String servedName,
        long kvTokens,
        long neededMiB,
        String directory,
        long diskMiB,
        String weights,
        Load load,
        String waitsFor,
        long budgetSeconds,
        long usualSeconds,
        List<Routing> routes) {

    /** How files come where the engine reads them. */
    public enum Load {
        /** They lie there. */
        THERE,
        /** The engine loads them at its first start. */
        BY_ENGINE,
        /** A step loads one file from the Hugging Face hub. */
        FILE,
        /** A step tells Ollama to load them. */
        OLLAMA
    }

    public DeployPlan {
        locks = List.copyOf(locks);
        command = List.copyOf(command);
        gpus = List.copyOf(gpus);
        routes = List.copyOf(routes);
    }

    /** A copy that tells routers this. */
    DeployPlan routed(List<Routing> told) {
        return with(waitsFor, told);
    }

    /** The same, created and not started: nobody is led to it. */
    public DeployPlan waitingFor(String reason) {
        return with(reason, List.of());
    }

    private DeployPlan with(String waits, List<Routing> told) {
        return new DeployPlan(
                container,
                host,
                place,
                locks,
                engine,
                purpose,
                image,
                body,
                command,
                positional,
                gpus,
                port,
                servedName,
                kvTokens,
                neededMiB,
                directory,
                diskMiB,
                weights,
                load,
                waits,
                budgetSeconds,
                usualSeconds,
                told);
    }

    StartBudget budget() {
        return new StartBudget(
                usualSeconds == 0 ? null : Duration.ofSeconds(usualSeconds), Duration.ofSeconds(budgetSeconds));
    }

    /** Of this and of the routers that are told. */
    String[] allLocks() {
        return Stream.concat(locks.stream(), routes.stream().map(Routing::lock))
                .distinct()
                .toArray(String[]::new);
    }

    boolean starts() {
        return waitsFor.isEmpty();
    }

    /** Variables by which the engine is tuned, as they stand in the body. */
    List<String> settings() {
        return JsonMapper.shared()
                .readTree(body)
                .path("Env")
                .valueStream()
                .map(variable -> variable.asString(""))
                .filter(SeenContainer::setting)
                .toList();
    }

    EngineSteps steps() {
        return new EngineSteps(
                host, container, engine, purpose, port, servedName, "", kvTokens, Duration.ofSeconds(budgetSeconds));
    }
}
