package dev.rackhouse.inference.health;

import dev.rackhouse.inference.health.EngineStanding.Answering;
import dev.rackhouse.inference.health.EngineStanding.Asleep;
import dev.rackhouse.inference.health.EngineStanding.Busy;
import dev.rackhouse.inference.health.EngineStanding.Dead;
import dev.rackhouse.inference.health.EngineStanding.Loading;
import dev.rackhouse.inference.health.EngineStanding.Ready;
import dev.rackhouse.inference.health.EngineStanding.Saturated;
import dev.rackhouse.inference.health.EngineStanding.Slowed;
import dev.rackhouse.inference.health.EngineStanding.Unknown;
import dev.rackhouse.inference.health.EngineStanding.Wedged;
import dev.rackhouse.inference.health.Observation.Answer;
import dev.rackhouse.inference.health.Observation.Canary;
import dev.rackhouse.inference.health.Observation.Process;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Judges a series of observations. What proves life is tokens that advance; what proves a wedge is requests without tokens while the
 * GPUs do not compute, or a tiny prompt that fails twice. With the usual expectations and a look every 5 to 10 seconds, a wedge is found
 * within 120 seconds. Pure.
 */
public final class Health {

    /** Judge with the observations of the last ten minutes. */
    public static final Duration HISTORY = Duration.ofMinutes(10);

    private static final Duration STALE = Duration.ofSeconds(45);
    private static final Duration PROOF = Duration.ofMinutes(5);
    private static final Duration NCCL_SILENCE = Duration.ofSeconds(110);
    private static final Duration SATURATED = Duration.ofSeconds(60);
    private static final Duration RATE = Duration.ofSeconds(30);
    private static final Duration HANG_SILENCE = Duration.ofSeconds(30);
    private static final Duration CANARY_EVERY = Duration.ofSeconds(45);
    private static final Duration CANARY_AGAIN = Duration.ofSeconds(10);
    private static final double FULL_CACHE = 0.95;
    private static final double WHOLE = 0.999;

    private Health() {}

    /** @param history oldest first */
    public static EngineStanding judge(List<Observation> history, Expectations usual, Instant now) {
        if (history.isEmpty()) {
            return new Unknown("Nobody has looked yet.");
        }
        Observation last = history.getLast();
        if (Duration.between(last.at(), now).compareTo(STALE) > 0) {
            return new Unknown("It was last looked at " + seconds(last.at(), now) + " s ago.");
        }
        return switch (last.process().state()) {
            case UNKNOWN -> new Unknown("Whether its process runs is not known.");
            case ABSENT -> new Dead("There is no such container or process.", List.of());
            case EXITED -> dead("It has ended" + code(last.process()) + ".", last);
            case RESTARTING -> dead("It ends right after each start" + code(last.process()) + ".", last);
            case RUNNING -> running(new Series(history), usual, now);
        };
    }

    /**
     * Whether a tiny prompt should be sent: only to an engine that is idle, and has not proved itself just now. One that counts nothing is
     * not asked while its GPUs compute, nor while its model is not in memory, which the prompt would load.
     */
    public static boolean canaryDue(List<Observation> history, Instant now) {
        if (history.isEmpty() || history.getLast().process().state() != Process.State.RUNNING) {
            return false;
        }
        Series series = new Series(history);
        EngineSample sample = series.last().sample();
        boolean up = series.ready() || series.mute() || sample != null;
        if (!up || series.last().answer() != Answer.OK || sample != null && (sample.wanted() || sample.asleep())) {
            return false;
        }
        Double onGpu = series.last().onGpu();
        if (sample == null && onGpu != null && (onGpu == 0 || computes(series.last()))) {
            return false;
        }
        Observation canary = series.lastCanary();
        if (canary != null && canary.canary() != Canary.ANSWERED) {
            return Duration.between(canary.at(), now).compareTo(CANARY_AGAIN) >= 0;
        }
        Instant proof = series.proof();
        return proof == null || Duration.between(proof, now).compareTo(CANARY_EVERY) >= 0;
    }

    private static EngineStanding running(Series series, Expectations usual, Instant now) {
        Observation last = series.last();
        LogReading log = last.log();
        boolean saidDead = log != null && log.failures().stream().anyMatch(f -> f.failure() == EngineFailure.DEAD);
        if (series.ready() && (saidDead || last.answer() == Answer.FAILING)) {
            return dead("Its web server runs, but the engine behind it is dead.", last);
        }
        return series.ready() ? serving(series, usual, now) : loading(series, usual, now);
    }

    private static EngineStanding loading(Series series, Expectations usual, Instant now) {
        Observation last = series.last();
        if (series.mute() && last.answer() == Answer.OK) {
            return new Unknown("It answers, but nobody has seen it make a token.");
        }
        LogReading log = Objects.requireNonNullElse(last.log(), LogReading.EMPTY);
        Instant started = Objects.requireNonNullElse(
                last.process().startedAt(), series.first().at());
        Instant progress = series.loadProgress(started);
        Duration quiet = Duration.between(progress, now);
        if (log.phase() == LoadPhase.NCCL && quiet.compareTo(NCCL_SILENCE) >= 0) {
            return new Wedged(
                    "The GPUs never got connected: no weights for " + quiet.toSeconds() + " s. "
                            + "Try NCCL_P2P_DISABLE=1 and no custom all-reduce.",
                    progress);
        }
        if (quiet.compareTo(usual.startBudget()) >= 0) {
            return new Wedged(
                    "Its start has shown no progress for " + quiet.toSeconds() + " s"
                            + (log.phase() == null ? "." : ": it " + log.phase().doing() + "."),
                    progress);
        }
        return new Loading(log.phase(), Duration.between(started, now), usual.start());
    }

    private static EngineStanding serving(Series series, Expectations usual, Instant now) {
        Observation last = series.last();
        Instant answered = series.lastAnswered();
        if (answered == null || last.sample() == null && !last.at().equals(answered)) {
            return unanswered(series, usual, now);
        }
        EngineSample sample = last.sample();
        if (sample != null && sample.asleep()) {
            return new Asleep();
        }
        Double onGpu = last.onGpu();
        if (sample == null && onGpu != null) {
            return uncounted(series, onGpu, now);
        }
        return sample != null && sample.wanted() ? wanted(series, sample, usual, now) : idle(series, now);
    }

    /** It counts nothing: what it has answered proves it, and as long as its GPUs compute it cannot be told how it gets on. */
    private static EngineStanding uncounted(Series series, double onGpu, Instant now) {
        if (onGpu == 0) {
            return new Unknown("It answers, but its model is not in memory: the next request loads it.");
        }
        boolean computes = computes(series.last());
        EngineStanding idle = idle(series, now);
        if (idle instanceof Ready(Instant provedAt)) {
            return onGpu < WHOLE ? new Slowed(onGpu, provedAt) : computes ? new Answering(provedAt) : idle;
        }
        return computes
                ? new Unknown("Its GPUs compute, but it counts neither requests nor tokens: whether it gets on is known"
                        + " when it has answered.")
                : idle;
    }

    private static boolean computes(Observation observation) {
        return observation.gpu() != null && observation.gpu().computes();
    }

    /** It was ready, and its addresses do not answer any more. */
    private static EngineStanding unanswered(Series series, Expectations usual, Instant now) {
        Instant answered = series.lastAnswered();
        Instant since = answered == null ? series.first().at() : answered;
        Duration silent = Duration.between(since, now);
        return silent.compareTo(patience(series.last(), usual)) >= 0
                ? new Wedged("It has not answered for " + silent.toSeconds() + " s.", since)
                : new Unknown("It has not answered for " + silent.toSeconds() + " s.");
    }

    private static EngineStanding wanted(Series series, EngineSample sample, Expectations usual, Instant now) {
        Instant since = series.silentSince();
        Duration silent = Duration.between(since, now);
        LogReading log = series.last().log();
        boolean hangs = log != null && log.hangs() > 0;
        if (silent.compareTo(patience(series.last(), usual)) >= 0 || hangs && silent.compareTo(HANG_SILENCE) >= 0) {
            return new Wedged(
                    EngineStanding.requests(sample.running() + sample.waiting(), "waits", "wait")
                            + ", and no token was made for "
                            + silent.toSeconds() + " s"
                            + (series.last().gpu() != null && !working(series.last())
                                    ? " while the GPUs do not compute."
                                    : "."),
                    since);
        }
        double rate = series.tokensPerSecond(RATE);
        return series.saturation(SATURATED, FULL_CACHE)
                .<EngineStanding>map(why -> new Saturated(rate, sample.running(), sample.waiting(), why))
                .orElseGet(() -> new Busy(rate, sample.running(), sample.waiting()));
    }

    private static EngineStanding idle(Series series, Instant now) {
        int failed = series.canariesFailed();
        if (failed >= 2) {
            return new Wedged(
                    "It is idle and says that all is well, but " + failed + " tiny prompts in a row got no answer.",
                    series.lastProofOrStart());
        }
        if (failed == 1) {
            return new Unknown("A tiny prompt got no answer; it is tried once more.");
        }
        Instant proof = series.proof();
        if (proof == null) {
            return new Unknown("It answers, but has not made a token yet.");
        }
        return Duration.between(proof, now).compareTo(PROOF) > 0
                ? new Unknown("It answers, but made its last token " + seconds(proof, now) + " s ago.")
                : new Ready(proof);
    }

    private static Duration patience(Observation last, Expectations usual) {
        return working(last) ? usual.prefill() : usual.silence();
    }

    /** When nobody measures the GPUs, they get the benefit of the doubt. */
    private static boolean working(Observation observation) {
        return Optional.ofNullable(observation.gpu())
                .flatMap(Observation.GpuWork::working)
                .orElse(true);
    }

    private static Dead dead(String why, Observation last) {
        LogReading log = last.log();
        return new Dead(why, log == null ? List.of() : log.failures());
    }

    private static String code(Process process) {
        Integer code = process.exitCode();
        return code == null ? "" : code == 137 ? " (137: killed, or out of memory)" : " (exit code " + code + ")";
    }

    private static long seconds(@Nullable Instant from, Instant to) {
        return from == null ? 0 : Duration.between(from, to).toSeconds();
    }
}
