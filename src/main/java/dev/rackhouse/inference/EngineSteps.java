package dev.rackhouse.inference;

import dev.rackhouse.inference.Model.Purpose;
import dev.rackhouse.runbook.Binding;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Command.ServiceCall;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Proof;
import dev.rackhouse.runbook.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a run starts an engine's container and waits until it answers: the container runs, its log says that the engine is ready (and
 * waiting ends at once when the container has exited), its health address says so, it serves the name, its cache is large enough, and it
 * answers with tokens, twice. Ollama is asked to load its model in between, and must find room for all of it on the GPU. Data only;
 * {@link EngineConditions} judges.
 *
 * @param container its name; the names of values in the run are made from it
 * @param port on the host, from 127.0.0.1
 * @param bearer usually {@code {secret.VLLM_API_KEY}}; empty: none
 * @param kvTokens the least that its cache must hold; 0: it is not asked, also for engines other than vLLM
 * @param budget from start to ready
 */
public record EngineSteps(
        Host host,
        String container,
        EngineKind kind,
        Purpose purpose,
        int port,
        String servedName,
        String bearer,
        long kvTokens,
        Duration budget) {

    /** Half a minute more than an engine needs that compiles its kernels at the first request. */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(60);

    private static final Duration SECOND_ANSWER = Duration.ofSeconds(10);
    private static final Duration AT_ONCE = Duration.ofSeconds(30);

    /** Weights of a large model on their way over a slow bus. */
    private static final Duration SLEEP = Duration.ofSeconds(60);
    /** Ollama itself gives up after five minutes, and breaks off when whoever asked has gone. */
    private static final Duration LOADED = Duration.ofMinutes(5);

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String TIME = "[0-9TZ:.+-]{20,40}";

    public EngineSteps {
        if (!container.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,120}")) {
            throw new IllegalArgumentException("'" + container + "' is no name of a container");
        }
        if (kvTokens < 0 || budget.isNegative() || budget.isZero()) {
            throw new IllegalArgumentException("an engine needs a time in which to start, and no fewer than 0 tokens");
        }
    }

    /** For a deployment under the name of its container. */
    public static EngineSteps of(Host host, Deployment deployment, Purpose purpose, String bearer, Duration budget) {
        boolean caches = deployment.engine() == EngineKind.VLLM && purpose != Purpose.EMBEDDING;
        return new EngineSteps(
                host,
                deployment.id().value(),
                deployment.engine(),
                purpose,
                deployment.port(),
                deployment.servedName(),
                bearer,
                caches ? deployment.profile().contextTokens() : 0,
                budget);
    }

    /** The same for a container under another name and port. */
    public EngineSteps at(String otherContainer, int otherPort) {
        return new EngineSteps(host, otherContainer, kind, purpose, otherPort, servedName, bearer, kvTokens, budget);
    }

    private EngineCall call() {
        return new EngineCall(host);
    }

    /** When the container was last started, as a value of the run: {@code {started.vllm-7b}}. */
    private String started() {
        String plain =
                container.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return "started." + plain;
    }

    /** It runs, is not being restarted by Docker, and since when: later checks know by that whether it is still the same start. */
    public Check runs() {
        return Check.that(call().inspect(container), Condition.of(EngineConditions.RUNS))
                .binding(Binding.at(started(), "/State/StartedAt").of(TIME));
    }

    /** It has not ended since {@link #runs()} held. */
    public Check stillRuns() {
        return Check.that(
                call().inspect(container), Condition.of(EngineConditions.RUNS, "since", "{" + started() + "}"));
    }

    /** It does not run: it is stopped or gone. */
    public Check stopped() {
        return Check.that(call().inspect(container), Condition.of(EngineConditions.STOPPED));
    }

    /** Its log of this start says that it is ready. */
    public Check logSaysReady() {
        return Check.that(call().log(container), Condition.of(EngineConditions.READY, "since", "{" + started() + "}"));
    }

    /** Its log of this start says how many tokens fit into its cache, and they are enough. */
    public Check hasRoom() {
        return Check.that(
                call().log(container),
                Condition.of(EngineConditions.ROOM, "since", "{" + started() + "}", "tokens", Long.toString(kvTokens)));
    }

    /** Its health address says yes. That alone proves nothing. */
    public Check healthy() {
        return Check.that(
                call().get(port, "", kind == EngineKind.OLLAMA ? "/api/version" : "/health"), Conditions.statusIs(200));
    }

    /** By its own word. That alone does not prove that its cards are free. */
    public Check sleeps() {
        return Check.that(call().isSleeping(port, bearer), Condition.of(EngineConditions.SLEEPS, "asleep", "true"));
    }

    public Check isAwake() {
        return Check.that(call().isSleeping(port, bearer), Condition.of(EngineConditions.SLEEPS, "asleep", "false"));
    }

    /** The name that clients ask for is among those it serves. */
    public Check serves() {
        return Check.that(
                call().get(port, bearer, "/v1/models"), Condition.of(EngineConditions.SERVES, "name", listedName()));
    }

    /** As it lists itself: Ollama adds the tag that it takes when none is given. */
    private String listedName() {
        return kind == EngineKind.OLLAMA ? OllamaModel.of(servedName).name() : servedName;
    }

    /** The model is in Ollama's memory. */
    public Check loaded() {
        return memory(EngineConditions.LOADED);
    }

    /** The whole model is in the GPU's memory. */
    public Check liesOnGpu() {
        return memory(EngineConditions.ON_GPU);
    }

    private Check memory(String condition) {
        return Check.that(call().get(port, bearer, "/api/ps"), Condition.of(condition, "name", listedName()));
    }

    /** Lets Ollama load its model and keep it: a request without a prompt, or without a text. */
    public ServiceCall load() {
        Map<String, Object> body = new TreeMap<>(Map.of("model", listedName(), "keep_alive", -1));
        boolean vectors = purpose == Purpose.EMBEDDING;
        if (vectors) {
            body.put("input", "");
        }
        return call().post(port, bearer, vectors ? "/api/embed" : "/api/generate", JSON.writeValueAsString(body))
                .limit(LOADED);
    }

    /** Whether the model must be asked for before it is in memory. */
    public boolean loadsWhenAsked() {
        return kind == EngineKind.OLLAMA;
    }

    /** It makes tokens, or vectors, for a tiny prompt. */
    public Check answers(Duration limit) {
        boolean vectors = purpose == Purpose.EMBEDDING;
        return Check.that(
                call().ask(
                                port,
                                bearer,
                                vectors ? "/v1/embeddings" : "/v1/chat/completions",
                                prompt(servedName, vectors),
                                limit),
                Condition.of(EngineConditions.ANSWERS));
    }

    /** Ollama tells neither what it computes nor what it queues. */
    public boolean countsRequests() {
        return kind != EngineKind.OLLAMA;
    }

    /** Neither computing nor queueing, by the engine's own count. */
    public Check idle() {
        return Check.that(
                call().get(port, bearer, "/metrics"),
                Condition.of(EngineConditions.IDLE, "engine", kind == EngineKind.VLLM ? "vllm" : "llama.cpp"));
    }

    /** The tiny prompt that proves an engine. */
    static String prompt(String servedName, boolean vectors) {
        Map<String, Object> body = new TreeMap<>(Map.of("model", servedName));
        if (vectors) {
            body.put("input", "ready");
        } else {
            body.put("max_tokens", 8);
            body.put(
                    "messages",
                    List.of(new TreeMap<>(Map.of("role", "user", "content", "Reply with the single word: ready"))));
            body.put("temperature", 0);
        }
        return JSON.writeValueAsString(body);
    }

    /** Adds the step that starts the container, unless it runs. Its undo is the caller's. */
    public Outline start(Outline outline) {
        return outline.step("start-" + container, "Start " + container, call().start(container))
                .unless(runs())
                .confirm(runs(), AT_ONCE)
                .usually(Duration.ofSeconds(2));
    }

    /** Adds the step that puts it to sleep, unless it sleeps. Its undo is the caller's. */
    public Outline sleep(Outline outline) {
        return outline.step("sleep-" + container, "Put " + container + " to sleep", call().sleep(port, bearer))
                .unless(sleeps())
                .confirm(sleeps(), SLEEP)
                .usually(Duration.ofSeconds(4));
    }

    /** Adds the step that wakes it, unless it is awake. Its undo is the caller's. */
    public Outline wake(Outline outline) {
        return outline.step("wake-" + container, "Wake " + container, call().wake(port, bearer))
                .unless(isAwake())
                .confirm(isAwake(), SLEEP)
                .usually(Duration.ofSeconds(4));
    }

    /** Adds the proofs that it answers after it was woken: its log tells only of its start. */
    public Outline provedAwake(Outline outline) {
        return answersTwice(outline.confirm(container + " says that it is healthy", healthy(), AT_ONCE)
                .confirm(container + " serves " + servedName, serves(), AT_ONCE));
    }

    /** Adds all proofs that it answers; {@link #runs()} must have been looked at before. */
    public Outline proved(Outline outline) {
        return answering(ready(outline));
    }

    /** Adds the wait for its start, and that it says of itself that it is healthy. */
    public Outline ready(Outline outline) {
        return ready(outline, usual());
    }

    private Duration usual() {
        return kind == EngineKind.VLLM ? Duration.ofSeconds(90) : Duration.ofSeconds(20);
    }

    /** @param usual how long its starts took so far */
    public Outline ready(Outline outline, Duration usual) {
        return outline.step(
                        "follow-" + container,
                        container + " gets ready",
                        new Command.Wait(
                                container + " gets ready",
                                Proof.within(budget, logSaysReady()).asLongAs(stillRuns())))
                .retry(RetryPolicy.never())
                .usually(usual)
                .confirm(container + " says that it is healthy", healthy(), AT_ONCE);
    }

    /** Adds what follows when it is ready: it serves the name, has room, and answers twice. */
    public Outline answering(Outline outline) {
        Outline grown = outline.confirm(container + " serves " + servedName, serves(), AT_ONCE);
        if (loadsWhenAsked()) {
            grown = grown.step("load-" + container, "Load " + servedName + " into the memory of the GPU", load())
                    .unless(loaded())
                    .confirm(loaded(), AT_ONCE)
                    .usually(Duration.ofSeconds(15))
                    .check(container + " has found room for all of " + servedName + " on the GPU", liesOnGpu());
        }
        if (kvTokens > 0 && kind == EngineKind.VLLM) {
            grown = grown.check(container + " has room for " + kvTokens + " tokens", hasRoom());
        }
        return answersTwice(grown);
    }

    private Outline answersTwice(Outline outline) {
        String what = purpose == Purpose.EMBEDDING ? " answers with a vector" : " answers with tokens";
        return outline.check(container + what, answers(FIRST_ANSWER))
                .check(container + what + ", and again", answers(SECOND_ANSWER));
    }
}
