package dev.rackhouse.inference.health;

import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.Verdict.Level;
import dev.rackhouse.inference.health.EngineFailure.Found;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How an engine stands.
 *
 * <table>
 * <caption>What may follow</caption>
 * <tr><td>loading, saturated</td><td>wait: never a restart</td></tr>
 * <tr><td>ready, busy, answering</td><td>nothing</td></tr>
 * <tr><td>slowed</td><td>nothing by itself: its model wants more room on the GPU</td></tr>
 * <tr><td>asleep</td><td>it is woken by a switch of the mode, never by a restart</td></tr>
 * <tr><td>wedged, dead</td><td>a restart may be proposed</td></tr>
 * <tr><td>unknown</td><td>look again</td></tr>
 * </table>
 */
public sealed interface EngineStanding {

    /** It starts and gets on. {@code phase} is null before the first known line of its log. */
    record Loading(@Nullable LoadPhase phase, Duration since, Duration expected) implements EngineStanding {}

    /** Idle, and it has made a token lately. */
    record Ready(Instant provedAt) implements EngineStanding {}

    /** It has requests and gets on with them. */
    record Busy(double tokensPerSecond, int running, int waiting) implements EngineStanding {}

    /** Its GPUs compute and it has answered lately; it counts neither requests nor tokens. */
    record Answering(Instant provedAt) implements EngineStanding {}

    /** It answers, but a part of its model lies on the CPU. */
    record Slowed(double onGpu, Instant provedAt) implements EngineStanding {}

    /** It gets on, but has more requests than it can take. */
    record Saturated(double tokensPerSecond, int running, int waiting, String why) implements EngineStanding {}

    /** Its weights are put away, and it makes nothing until it is woken. */
    record Asleep() implements EngineStanding {}

    /** It runs and makes nothing. */
    record Wedged(String why, Instant since) implements EngineStanding {}

    /** It does not run. */
    record Dead(String why, List<Found> causes) implements EngineStanding {
        public Dead {
            causes = List.copyOf(causes);
        }
    }

    /** It cannot be told. */
    record Unknown(String why) implements EngineStanding {}

    /** Whether proposing a restart makes sense. */
    default boolean mayRestart() {
        return switch (this) {
            case Wedged w -> true;
            case Dead d -> true;
            case Loading l -> false;
            case Ready r -> false;
            case Busy b -> false;
            case Answering a -> false;
            case Slowed s -> false;
            case Saturated s -> false;
            case Asleep a -> false;
            case Unknown u -> false;
        };
    }

    /** As shown: {@code saturated}. */
    default String word() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    default String sentence() {
        return switch (this) {
            case Loading l ->
                (l.phase() == null ? "It starts" : "It " + l.phase().doing()) + ", "
                        + l.since().toSeconds() + " s of about " + l.expected().toSeconds() + " s.";
            case Ready r -> "It waits for requests, and has proved that it answers.";
            case Busy b ->
                String.format(Locale.ROOT, "It makes %.0f tokens/s for ", b.tokensPerSecond())
                        + (b.running() == 1 ? "1 request" : b.running() + " requests")
                        + (b.waiting() == 0 ? "." : ", " + b.waiting() + (b.waiting() == 1 ? " waits." : " wait."));
            case Answering a ->
                "It has answered lately, and its GPUs compute; how many wait and how fast it is, it does not count.";
            case Slowed s ->
                String.format(
                        Locale.ROOT,
                        "It answers, but slowly: %.0f %% of its model found no room on the GPU and lie on the CPU.",
                        (1 - s.onGpu()) * 100);
            case Saturated s -> s.why();
            case Asleep a -> "It sleeps: its weights wait in main memory until it is woken.";
            case Wedged w -> w.why();
            case Dead d ->
                d.causes().isEmpty()
                        ? d.why()
                        : d.why() + " " + d.causes().getFirst().cause();
            case Unknown u -> u.why();
        };
    }

    /** {@code 1 request waits}, {@code 3 requests wait}. */
    static String requests(int count, String verb, String verbOfMany) {
        return count == 1 ? "1 request " + verb : count + " requests " + verbOfMany;
    }

    default Verdict verdict() {
        Level level = switch (this) {
            case Ready r -> Level.OK;
            case Busy b -> Level.OK;
            case Answering a -> Level.OK;
            case Slowed s -> Level.ATTENTION;
            case Loading l -> Level.ATTENTION;
            case Saturated s -> Level.ATTENTION;
            case Wedged w -> Level.CRITICAL;
            case Dead d -> Level.CRITICAL;
            case Asleep a -> Level.OFF;
            case Unknown u -> Level.UNKNOWN;
        };
        return level == Level.OK ? Verdict.ok() : Verdict.of(level, "engine." + word(), sentence());
    }
}
