package dev.rackhouse.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inference.Model.Purpose;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.CommandText;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.OutlineRules;
import dev.rackhouse.runbook.Step;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run asks an engine, and what counts as an answer. */
class EngineStepsTest {

    private static final Host HOST = new Host.Node(new NodeRef(Serving.THOR, "thor"));
    private static final EngineSteps STEPS = new EngineSteps(
            HOST,
            "vllm-32b",
            EngineKind.VLLM,
            Purpose.CHAT,
            8002,
            "qwen2.5-32b",
            "{secret.VLLM_API_KEY}",
            32768,
            Duration.ofMinutes(8));

    private static Judgement judged(Check check, Answer answer) {
        Condition condition = check.all().getLast();
        return EngineConditions.all().stream()
                .filter(c -> c.name().equals(condition.name()))
                .findFirst()
                .orElseThrow()
                .judge(condition.arguments(), answer);
    }

    private static Judgement judged(String condition, Map<String, String> arguments, Answer answer) {
        return judged(
                Check.that(STEPS.runs().read(), new Condition(condition, new java.util.TreeMap<>(arguments))), answer);
    }

    private static String sample(String file) throws IOException {
        try (InputStream in = EngineStepsTest.class.getResourceAsStream("/inference/samples/vllm/" + file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String stamped(String time, String log) {
        return log.lines().map(line -> time + " " + line).collect(Collectors.joining("\n"));
    }

    private static Answer container(String status, String startedAt, int exitCode) {
        return Answer.service(200, """
                {"State":{"Status":"%s","Running":%s,"StartedAt":"%s","ExitCode":%d,"OOMKilled":false,"Error":""}}
                """.formatted(status, status.equals("running"), startedAt, exitCode));
    }

    @Test
    void aStartIsFollowedToTheSecondAnswer() {
        Outline outline = STEPS.proved(STEPS.start(Outline.titled("Start")));

        assertThat(outline.steps().stream().map(Step::title))
                .containsExactly(
                        "Start vllm-32b",
                        "vllm-32b gets ready",
                        "vllm-32b says that it is healthy",
                        "vllm-32b serves qwen2.5-32b",
                        "vllm-32b has room for 32768 tokens",
                        "vllm-32b answers with tokens",
                        "vllm-32b answers with tokens, and again");
        assertThat(OutlineRules.problems(
                        outline,
                        EngineConditions.all().stream()
                                .map(NamedCondition::name)
                                .collect(Collectors.collectingAndThen(Collectors.toSet(), names -> {
                                    names.add(Conditions.statusIs(200).name());
                                    return names;
                                }))))
                .isEmpty();
        assertThat(CommandText.literal(outline.steps().get(1).command()))
                .contains("/containers/vllm-32b/logs")
                .contains("as long as this stays so")
                .contains("since={started.vllm-32b}");
        assertThat(CommandText.literal(outline.steps().get(5).command()))
                .contains("\"model\":\"qwen2.5-32b\"")
                .contains("\"temperature\":0");
    }

    @Test
    void anEmbeddingServerIsAskedForAVector() {
        EngineSteps steps = new EngineSteps(
                HOST, "embed", EngineKind.LLAMA_CPP, Purpose.EMBEDDING, 8090, "nomic", "", 0, Duration.ofMinutes(5));

        assertThat(CommandText.literal(steps.answers(Duration.ofSeconds(5))))
                .contains("/v1/embeddings")
                .contains("\"input\":\"ready\"");
        assertThat(judged(
                                steps.answers(Duration.ofSeconds(5)),
                                Answer.service(200, "{\"data\":[{\"embedding\":[0.1,0]}]}"))
                        .holds())
                .isTrue();
        assertThat(judged(
                                steps.answers(Duration.ofSeconds(5)),
                                Answer.service(200, "{\"data\":[{\"embedding\":[0,0]}]}"))
                        .holds())
                .isFalse();
    }

    @Test
    void aContainerRunsOnlyWhileItIsTheSameStart() {
        Map<String, String> since = Map.of("since", "2026-10-12T09:13:51.1Z");

        assertThat(judged(EngineConditions.RUNS, since, container("running", "2026-10-12T09:13:51.1Z", 0))
                        .holds())
                .isTrue();
        assertThat(judged(EngineConditions.RUNS, since, container("running", "2026-10-12T09:15:00Z", 0))
                        .because())
                .contains("was started again");
        assertThat(judged(EngineConditions.RUNS, since, container("exited", "2026-10-12T09:13:51.1Z", 1))
                        .because())
                .contains("exited, its exit code was 1");
        assertThat(judged(EngineConditions.RUNS, Map.of(), container("restarting", "", 1))
                        .holds())
                .isFalse();
        assertThat(judged(EngineConditions.RUNS, Map.of(), Answer.service(404, "{}"))
                        .holds())
                .isFalse();
    }

    @Test
    void theLogOfAnEarlierStartProvesNothing() throws IOException {
        String before = stamped("2026-10-12T08:00:00.5Z", sample("startup-32b-awq-tp2.log"));
        Map<String, String> since = Map.of("since", "2026-10-12T09:13:51.1Z");

        assertThat(judged(EngineConditions.READY, since, Answer.service(200, before))
                        .holds())
                .isFalse();
        assertThat(judged(
                                EngineConditions.READY,
                                since,
                                Answer.service(
                                        200,
                                        before + "\n"
                                                + stamped("2026-10-12T09:14:00Z", sample("startup-32b-awq-tp2.log"))))
                        .holds())
                .isTrue();
    }

    @Test
    void anEngineThatServesForLongIsReadyThoughItsStartIsNotInTheLogsEnd() {
        String late = "2026-10-14T08:00:00.5Z INFO:     127.0.0.1:4711 - \"GET /health HTTP/1.1\" 200 OK";

        assertThat(judged(EngineConditions.READY, Map.of("since", "2026-10-12T09:13:51.1Z"), Answer.service(200, late))
                        .holds())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "oom-weights, ran out of memory",
        "no-kv-blocks, Weights and overhead left nothing",
        "freemem, and the profile wants",
        "gated-401, licence was not accepted",
        "unknown-flag, does not know a flag",
        "quant-capability, cannot run"
    })
    void aStartThatFailsIsClassified(String log, String cause) throws IOException {
        Judgement judgement = judged(
                EngineConditions.READY,
                Map.of("since", ""),
                Answer.service(200, sample("startup-fail-" + log + ".log")));

        assertThat(judgement.holds()).isFalse();
        assertThat(judgement.because()).contains(cause);
    }

    @Test
    void whatItSaysAboutItsCacheIsComparedWithThePlan() throws IOException {
        Answer log = Answer.service(200, sample("startup-32b-awq-tp2.log"));

        assertThat(judged(STEPS.hasRoom(), log).holds()).isTrue();
        assertThat(judged(EngineConditions.ROOM, Map.of("tokens", "9000000"), log)
                        .because())
                .contains("planned were at least 9000000");
    }

    @Test
    void onlyTokensProveAnEngine() throws IOException {
        Check answers = STEPS.answers(Duration.ofSeconds(10));

        assertThat(judged(answers, Answer.service(200, sample("smoke-response.json")))
                        .holds())
                .isTrue();
        for (String dead : List.of(
                "{}",
                "not json",
                "{\"choices\":[{\"message\":{\"content\":\"  \"},\"finish_reason\":\"stop\"}],\"usage\":{\"completion_tokens\":1}}",
                "{\"choices\":[{\"message\":{\"content\":\"ready\"},\"finish_reason\":\"error\"}],\"usage\":{\"completion_tokens\":1}}",
                "{\"choices\":[{\"message\":{\"content\":\"ready\"},\"finish_reason\":\"stop\"}],\"usage\":{\"completion_tokens\":0}}")) {
            assertThat(judged(answers, Answer.service(200, dead)).holds())
                    .as(dead)
                    .isFalse();
        }
        assertThat(judged(answers, Answer.service(404, sample("error-404-model.json")))
                        .because())
                .contains("404");
    }

    @Test
    void theNameMustBeServed() throws IOException {
        assertThat(judged(
                        EngineConditions.SERVES,
                        Map.of("name", "qwen2.5-32b"),
                        Answer.service(200, sample("v1-models.json"))))
                .satisfies(j -> assertThat(j.because()).startsWith("it serves "));
        assertThat(judged(
                                EngineConditions.SERVES,
                                Map.of("name", "gpt-5"),
                                Answer.service(200, sample("v1-models.json")))
                        .holds())
                .isFalse();
    }
}
