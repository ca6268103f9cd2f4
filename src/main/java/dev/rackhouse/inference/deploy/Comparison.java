package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.EngineCall;
import dev.rackhouse.inference.EngineSteps;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Binding;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Condition;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import dev.rackhouse.runbook.Outline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/**
 * Whether a new engine is as fast as the one that it replaces: each answers the same few prompts, and its own counters before and after
 * give the time to the first token and the tokens per second; the best of each counts, since other requests and pauses of the machine
 * only ever make it look slower. A new one may be slower by a given share, and a twentieth of a second later with its first token. vLLM only, whose counters are histograms (V1 engine; the latency between tokens had another name until 0.9).
 */
@Component
class Comparison implements NamedCondition {

    static final String NAME = "engine-is-as-fast";

    private static final int PROMPTS = 3;
    private static final double TTFT_AIR_SECONDS = 0.05;
    private static final String NUMBER = "[0-9][0-9.e+-]{0,30}";

    private static final Map<String, String> COUNTERS = new LinkedHashMap<>();

    static {
        COUNTERS.put("first-sum", "vllm:time_to_first_token_seconds_sum");
        COUNTERS.put("first-count", "vllm:time_to_first_token_seconds_count");
        COUNTERS.put("next-sum", "vllm:(?:inter_token_latency|time_per_output_token)_seconds_sum");
        COUNTERS.put("next-count", "vllm:(?:inter_token_latency|time_per_output_token)_seconds_count");
    }

    private static String pattern(String counter) {
        return "(?m)^" + counter + "(?:\\{[^}]*\\})? (" + NUMBER + ")";
    }

    /** Adds the looks and prompts that measure an engine; values are bound under this name. */
    static Outline measure(Outline start, String who, EngineSteps engine, String as) {
        Outline outline = start.check("Read the counters of " + who, counters(engine, as + ".0"));
        for (int i = 1; i <= PROMPTS; i++) {
            outline = outline.check(
                            who + " answers prompt " + i + " of " + PROMPTS, engine.answers(Duration.ofSeconds(60)))
                    .check("Read the counters of %s after prompt %d".formatted(who, i), counters(engine, as + "." + i));
        }
        return outline;
    }

    private static Check counters(EngineSteps engine, String as) {
        Check check = Check.that(
                new EngineCall(engine.host()).get(engine.port(), engine.bearer(), "/metrics"),
                Condition.of("status-is", "status", "200"));
        for (Map.Entry<String, String> counter : COUNTERS.entrySet()) {
            check = check.binding(Binding.matching(as + "." + counter.getKey(), pattern(counter.getValue()))
                    .of(NUMBER));
        }
        return check;
    }

    /** Both have been measured, as {@code old} and {@code new}. */
    static Check asFast(EngineSteps engine, int slowerPercent) {
        SortedMap<String, String> arguments = new TreeMap<>();
        arguments.put("slower-percent", Integer.toString(slowerPercent));
        for (String who : List.of("old", "new")) {
            for (int i = 0; i <= PROMPTS; i++) {
                for (String counter : COUNTERS.keySet()) {
                    String value = who + "." + i + "." + counter;
                    arguments.put(value, "{" + value + "}");
                }
            }
        }
        return Check.that(
                new EngineCall(engine.host()).get(engine.port(), engine.bearer(), "/metrics"),
                new Condition(NAME, arguments));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Judgement judge(Map<String, String> arguments, Answer answer) {
        OptionalDouble oldFirst = best(arguments, "old", "first");
        OptionalDouble newFirst = best(arguments, "new", "first");
        OptionalDouble oldNext = best(arguments, "old", "next");
        OptionalDouble newNext = best(arguments, "new", "next");
        String percent = arguments.getOrDefault("slower-percent", "");
        double allowed = 1 + (percent.matches("\\d{1,5}") ? Integer.parseInt(percent) : 0) / 100.0;
        if (oldFirst.isEmpty() || oldNext.isEmpty()) {
            return Judgement.holds("the old engine's counters did not move; there is nothing to compare with");
        }
        if (newFirst.isEmpty() || newNext.isEmpty()) {
            return Judgement.fails("the new engine's counters did not move while it answered");
        }
        boolean first = newFirst.getAsDouble() <= oldFirst.getAsDouble() * allowed + TTFT_AIR_SECONDS;
        boolean next = newNext.getAsDouble() <= oldNext.getAsDouble() * allowed;
        return Judgement.of(
                first && next,
                String.format(
                        Locale.ROOT,
                        "first token after %.2f s (before: %.2f s), %.0f tokens/s for one request (before: %.0f)",
                        newFirst.getAsDouble(),
                        oldFirst.getAsDouble(),
                        1 / Math.max(newNext.getAsDouble(), 1e-6),
                        1 / Math.max(oldNext.getAsDouble(), 1e-6)));
    }

    private static OptionalDouble best(Map<String, String> arguments, String who, String what) {
        return IntStream.range(0, PROMPTS)
                .mapToObj(i -> mean(arguments, who + "." + i + "." + what, who + "." + (i + 1) + "." + what))
                .flatMapToDouble(OptionalDouble::stream)
                .min();
    }

    private static OptionalDouble mean(Map<String, String> arguments, String from, String to) {
        Optional<Double> sum = delta(arguments, from + "-sum", to + "-sum");
        Optional<Double> count = delta(arguments, from + "-count", to + "-count");
        return sum.isPresent() && count.isPresent() && count.get() > 0 && sum.get() >= 0
                ? OptionalDouble.of(sum.get() / count.get())
                : OptionalDouble.empty();
    }

    private static Optional<Double> delta(Map<String, String> arguments, String from, String to) {
        Optional<Double> before = number(arguments.getOrDefault(from, ""));
        Optional<Double> after = number(arguments.getOrDefault(to, ""));
        return before.isPresent() && after.isPresent() ? Optional.of(after.get() - before.get()) : Optional.empty();
    }

    private static Optional<Double> number(String text) {
        Matcher plain =
                Pattern.compile("\\d{1,20}(\\.\\d{1,20})?(e[+-]?\\d{1,3})?").matcher(text);
        return plain.matches() ? Optional.of(Double.valueOf(text)) : Optional.empty();
    }
}
