package dev.rackhouse.inference;

import dev.rackhouse.inference.health.EngineFailure;
import dev.rackhouse.inference.health.EngineMetrics;
import dev.rackhouse.inference.health.EngineMetrics.LoadedModel;
import dev.rackhouse.inference.health.EngineSample;
import dev.rackhouse.inference.health.LoadPhase;
import dev.rackhouse.inference.health.LogReading;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** What containers, logs and answers of engines must say in a run. Pure. */
@Configuration(proxyBeanMethods = false)
class EngineConditions {

    static final String RUNS = "engine-container-runs";
    static final String STOPPED = "engine-container-stopped";
    static final String READY = "engine-log-says-ready";
    static final String ROOM = "engine-has-room";
    static final String SERVES = "engine-serves";
    static final String ANSWERS = "engine-answers";
    static final String LOADED = "ollama-has-loaded";
    static final String ON_GPU = "ollama-lies-on-gpu";

    private static final double GIB = 1 << 30;

    /** The engine computes and queues nothing; {@code engine}: vllm or llama.cpp. Read: its metrics. */
    static final String IDLE = "engine-idle";
    /** Its own word: {@code asleep} is true or false. Read: vLLM's {@code /is_sleeping}. */
    static final String SLEEPS = "engine-sleeps";

    /** Docker puts the time in front when it is asked to. */
    private static final Pattern STAMP =
            Pattern.compile("^(\\d{4}-\\d\\d-\\d\\dT[\\d:.]{8,18}(?:Z|[+-]\\d\\d:\\d\\d)) ?");

    /** Lines that only an engine writes that serves: its start may have been pushed out of the log's end by them. */
    private static final Pattern SERVING = Pattern.compile(
            "\"(?:GET|POST) /\\S* HTTP/1\\.[01]\" 200|Avg prompt throughput|all slots are idle|\\[GIN\\] \\S+ - \\S+ \\| 200 \\||log_server_r: .*request: \\S+ \\S+ \\S+ 200");

    @Bean
    NamedCondition engineContainerRuns() {
        return NamedCondition.of(RUNS, EngineConditions::runs);
    }

    @Bean
    NamedCondition engineContainerStopped() {
        return NamedCondition.of(STOPPED, EngineConditions::stopped);
    }

    @Bean
    NamedCondition engineLogSaysReady() {
        return NamedCondition.of(READY, EngineConditions::ready);
    }

    @Bean
    NamedCondition engineHasRoom() {
        return NamedCondition.of(ROOM, EngineConditions::room);
    }

    @Bean
    NamedCondition engineServes() {
        return NamedCondition.of(SERVES, EngineConditions::serves);
    }

    @Bean
    NamedCondition engineAnswers() {
        return NamedCondition.of(ANSWERS, EngineConditions::answers);
    }

    @Bean
    NamedCondition engineIdle() {
        return NamedCondition.of(IDLE, EngineConditions::idle);
    }

    @Bean
    NamedCondition engineSleeps() {
        return NamedCondition.of(SLEEPS, EngineConditions::sleeps);
    }

    @Bean
    NamedCondition ollamaHasLoaded() {
        return NamedCondition.of(LOADED, EngineConditions::loaded);
    }

    @Bean
    NamedCondition ollamaLiesOnGpu() {
        return NamedCondition.of(ON_GPU, EngineConditions::liesOnGpu);
    }

    /** For tests and rehearsals outside of a context. */
    static List<NamedCondition> all() {
        EngineConditions beans = new EngineConditions();
        return List.of(
                beans.engineContainerRuns(),
                beans.engineContainerStopped(),
                beans.engineLogSaysReady(),
                beans.engineHasRoom(),
                beans.engineServes(),
                beans.engineAnswers(),
                beans.engineIdle(),
                beans.engineSleeps(),
                beans.ollamaHasLoaded(),
                beans.ollamaLiesOnGpu());
    }

    private static Judgement runs(Map<String, String> arguments, Answer answer) {
        if (answer.saysAbsent()) {
            return Judgement.fails("there is no such container");
        }
        if (!answer.succeeded()) {
            return Judgement.unknown("Docker answered " + answer.status());
        }
        String status = answer.textAt("/State/Status").orElse("");
        boolean running = status.equals("running")
                && answer.textAt("/State/Running").orElse("true").equals("true");
        if (!running) {
            return Judgement.fails(ended(answer, status));
        }
        String since = arguments.getOrDefault("since", "");
        String started = answer.textAt("/State/StartedAt").orElse("");
        return since.isEmpty() || since.equals(started)
                ? Judgement.holds("the container runs since " + started)
                : Judgement.fails("the container has ended and was started again, at " + started);
    }

    private static Judgement stopped(Map<String, String> arguments, Answer answer) {
        if (answer.saysAbsent()) {
            return Judgement.holds("there is no such container");
        }
        if (!answer.succeeded()) {
            return Judgement.unknown("Docker answered " + answer.status());
        }
        String status = answer.textAt("/State/Status").orElse("");
        return switch (status) {
            case "created", "exited", "dead" -> Judgement.holds("the container is " + status);
            default -> Judgement.fails("the container is " + (status.isEmpty() ? "unknown" : status));
        };
    }

    private static String ended(Answer answer, String status) {
        String code = answer.textAt("/State/ExitCode").orElse("");
        boolean memory = answer.textAt("/State/OOMKilled").orElse("false").equals("true");
        String error = answer.textAt("/State/Error").orElse("");
        return "the container is " + (status.isEmpty() ? "not running" : status)
                + (status.equals("created") || code.isEmpty() ? "" : ", its exit code was " + code)
                + (memory ? "; the host ran out of memory" : "")
                + (error.isBlank() ? "" : "; Docker says: " + error);
    }

    private static Judgement ready(Map<String, String> arguments, Answer answer) {
        if (!answer.succeeded()) {
            return Judgement.unknown("Docker answered " + answer.status() + " when it was asked for the log");
        }
        List<String> lines = lines(answer.text(), arguments.getOrDefault("since", ""));
        LogReading log = read(lines);
        boolean serving = log.phase() == null
                && lines.stream().anyMatch(line -> SERVING.matcher(line).find());
        if (log.ready() || serving) {
            return Judgement.holds(
                    serving ? "its log shows requests that were answered" : "its log says that it is ready");
        }
        List<EngineFailure.Found> causes = EngineFailure.causes(lines);
        if (!causes.isEmpty()) {
            EngineFailure.Found first = causes.getFirst();
            return Judgement.fails(first.cause() + " " + first.advice() + " It wrote: " + first.line());
        }
        return Judgement.fails(progress(log));
    }

    private static String progress(LogReading log) {
        LoadPhase phase = log.phase();
        Double share = log.measured().loadedShare();
        return phase == null
                ? "it has written nothing yet that tells how far it is"
                : "it " + phase.doing()
                        + (phase == LoadPhase.WEIGHTS && share != null
                                ? String.format(Locale.ROOT, ", %.0f %%", share * 100)
                                : "");
    }

    private static Judgement room(Map<String, String> arguments, Answer answer) {
        if (!answer.succeeded()) {
            return Judgement.unknown("Docker answered " + answer.status() + " when it was asked for the log");
        }
        List<String> lines = lines(answer.text(), arguments.getOrDefault("since", ""));
        Long tokens = read(lines).measured().kvTokens();
        long needed = number(arguments.getOrDefault("tokens", "0"));
        if (tokens == null) {
            return lines.stream().anyMatch(line -> SERVING.matcher(line).find())
                    ? Judgement.holds("its start is not in the log's end any more; it serves")
                    : Judgement.fails("its log does not say how many tokens fit into its cache");
        }
        return Judgement.of(tokens >= needed, "its cache holds " + tokens + " tokens, planned were at least " + needed);
    }

    private static Judgement serves(Map<String, String> arguments, Answer answer) {
        if (!answer.succeeded()) {
            return Judgement.fails("it answered " + answer.status());
        }
        List<String> names = new ArrayList<>();
        answer.at("/data").ifPresent(data -> data.forEach(row -> add(names, row.path("id"))));
        answer.at("/models").ifPresent(list -> list.forEach(row -> add(names, row.path("name"))));
        String wanted = arguments.getOrDefault("name", "");
        return Judgement.of(
                names.contains(wanted),
                names.isEmpty()
                        ? "it serves nothing"
                        : "it serves "
                                + String.join(", ", names.stream().limit(10).toList()));
    }

    private static void add(List<String> names, JsonNode name) {
        if (name.isString()) {
            names.add(name.stringValue());
        }
    }

    /** {@code /api/ps} names it; while a model still loads it may be named there already. */
    private static Judgement loaded(Map<String, String> arguments, Answer answer) {
        return model(arguments, answer)
                .map(model -> Judgement.holds(model.name() + " is in memory"))
                .orElseGet(() -> answer.succeeded()
                        ? Judgement.fails(arguments.getOrDefault("name", "") + " is not in memory")
                        : Judgement.unknown("Ollama answered " + answer.status()));
    }

    /** A part that found no room there is computed by the CPU, and the whole is slow. */
    private static Judgement liesOnGpu(Map<String, String> arguments, Answer answer) {
        Optional<LoadedModel> model = model(arguments, answer);
        if (model.isEmpty()) {
            return loaded(arguments, answer);
        }
        LoadedModel there = model.get();
        return Judgement.of(
                there.whole(),
                there.whole()
                        ? String.format(Locale.ROOT, "all %.1f GiB lie on the GPU", there.sizeBytes() / GIB)
                        : there.spill() + " Shorten the context, take fewer requests at once or smaller files,"
                                + " or free memory on the GPU.");
    }

    private static Optional<LoadedModel> model(Map<String, String> arguments, Answer answer) {
        String wanted = arguments.getOrDefault("name", "");
        return (answer.succeeded() ? EngineMetrics.ollama(answer.text()) : Optional.<List<LoadedModel>>empty())
                .flatMap(
                        all -> all.stream().filter(m -> m.name().equals(wanted)).findFirst());
    }

    private static Judgement answers(Map<String, String> arguments, Answer answer) {
        if (!answer.succeeded()) {
            return Judgement.fails("it answered " + answer.status() + ": "
                    + answer.textAt("/error/message")
                            .or(() -> answer.textAt("/message"))
                            .orElse("without a reason"));
        }
        Optional<JsonNode> vector = answer.at("/data/0/embedding").filter(JsonNode::isArray);
        if (vector.isPresent()) {
            boolean some = false;
            for (JsonNode number : vector.get()) {
                some |= number.isNumber() && number.doubleValue() != 0;
            }
            return Judgement.of(
                    some, "its vector has " + vector.get().size() + " numbers" + (some ? "" : ", all zero"));
        }
        String text = answer.textAt("/choices/0/message/content")
                .filter(content -> !content.isBlank())
                .or(() -> answer.textAt("/choices/0/message/reasoning_content"))
                .or(() -> answer.textAt("/choices/0/message/reasoning"))
                .orElse("");
        String finish = answer.textAt("/choices/0/finish_reason").orElse("");
        long tokens = number(answer.textAt("/usage/completion_tokens").orElse("0"));
        boolean ended = finish.equals("stop") || finish.equals("length");
        return Judgement.of(
                !text.isBlank() && ended && tokens > 0,
                text.isBlank()
                        ? "it answered without a word"
                        : "it made " + tokens + " tokens and ended by " + (finish.isEmpty() ? "nothing" : finish));
    }

    private static Judgement idle(Map<String, String> arguments, Answer answer) {
        if (!answer.succeeded()) {
            return Judgement.unknown("the engine answered " + answer.status() + " when it was asked for its metrics");
        }
        Optional<EngineSample> sample = arguments.getOrDefault("engine", "").equals("vllm")
                ? EngineMetrics.vllm(answer.text())
                : EngineMetrics.llama(answer.text(), null);
        return sample.map(s -> Judgement.of(
                        s.running() + s.waiting() == 0, s.running() + " requests run and " + s.waiting() + " wait"))
                .orElseGet(() -> Judgement.unknown("the engine's metrics do not tell its requests"));
    }

    private static Judgement sleeps(Map<String, String> arguments, Answer answer) {
        String says = answer.succeeded() ? answer.textAt("/is_sleeping").orElse("") : "";
        return switch (says) {
            case "true" -> Judgement.of(arguments.getOrDefault("asleep", "").equals(says), "it says that it sleeps");
            case "false" -> Judgement.of(arguments.getOrDefault("asleep", "").equals(says), "it says that it is awake");
            default ->
                answer.status() == 404
                        ? Judgement.fails("it was started without sleep mode")
                        : Judgement.unknown("it answered " + answer.status() + " when it was asked whether it sleeps");
        };
    }

    private static long number(String text) {
        return text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
    }

    /** Lines of the log since the container's last start, without their times; without times, all. */
    static List<String> lines(String text, String since) {
        Instant from = instant(since);
        List<String> lines = new ArrayList<>();
        boolean before = false;
        for (String line : text.lines().toList()) {
            Matcher stamp = STAMP.matcher(line);
            boolean stamped = stamp.find();
            if (stamped) {
                Instant at = instant(stamp.group(1));
                before = from != null && at != null && at.isBefore(from);
            }
            if (!before) {
                lines.add(stamped ? line.substring(stamp.end()) : line);
            }
        }
        return lines;
    }

    private static @Nullable Instant instant(String text) {
        try {
            return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException notOne) {
            return null;
        }
    }

    private static LogReading read(List<String> lines) {
        LogReading log = LogReading.EMPTY;
        for (String line : lines) {
            log = log.with(Instant.EPOCH, line);
        }
        return log;
    }
}
