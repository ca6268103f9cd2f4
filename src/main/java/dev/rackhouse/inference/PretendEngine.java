package dev.rackhouse.inference;

import dev.rackhouse.inference.health.EngineSample;
import dev.rackhouse.inference.health.LogReading;
import dev.rackhouse.inference.health.Observation;
import dev.rackhouse.inference.health.Observation.Answer;
import dev.rackhouse.inference.health.Observation.Canary;
import dev.rackhouse.inference.health.Observation.GpuWork;
import dev.rackhouse.inference.health.Observation.Process;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * An engine of a simulated day: it gets bursts of requests, long prompts, pauses and reloads, and hangs in one of several ways when it is
 * told to. It knows nothing of how it is judged. Advanced by {@link #look}, one step after the other; not for several threads.
 */
final class PretendEngine {

    /** How it hangs. */
    enum Wedge {
        /** The GPU falls idle while requests wait. */
        NO_POWER,
        /** GPUs wait for each other at a third of their power. */
        SPINNING,
        /** A kernel never ends. */
        FULL_POWER,
        /** Nothing answers any more. */
        NO_ANSWER,
        /** Nobody asks, all addresses say that all is well, and a prompt would get no answer. */
        BUT_200
    }

    private static final double LIMIT_WATTS = 350;
    private static final double DECODED_PER_SECOND = 28;
    private static final double PREFILLED_PER_SECOND = 1100;
    private static final int MOST_AT_ONCE = 16;
    private static final Duration CANARY_PATIENCE = Duration.ofSeconds(20);
    private static final String[] START = {
        "non-default args: {'model_tag': 'Qwen/Qwen2.5-14B-Instruct-AWQ'}",
        "Resolved architecture: Qwen2ForCausalLM",
        "Initializing a V1 LLM engine (v0.29.0) with config",
        "Starting to load model",
        "Loading safetensors checkpoint shards:  50% Completed | 1/2",
        "Model loading took 9.30 GiB memory and 30.1 seconds",
        "Dynamo bytecode transform time: 8.31 s",
        "Available KV cache memory: 10.66 GiB",
        "Graph capturing finished in 5 secs, took 0.38 GiB",
        "Application startup complete."
    };

    private final Random random;
    private final boolean slowDisk;
    private Instant startedAt;
    private @Nullable Instant stoppedUntil;
    private LogReading log = LogReading.EMPTY;
    private int lines;
    private Instant nextLine;
    private double running;
    private double waiting;
    private double prefillLeft;
    private double generated;
    private double prompted;
    private double burst;
    private @Nullable Wedge wedge;
    private @Nullable Instant canarySent;

    PretendEngine(Random random, boolean slowDisk, Instant startedAt) {
        this.random = random;
        this.slowDisk = slowDisk;
        this.startedAt = startedAt;
        this.nextLine = startedAt;
    }

    /** From now on it makes nothing. */
    void hang(Wedge how) {
        wedge = how;
        running = how == Wedge.BUT_200 ? 0 : Math.max(1, running);
        waiting = how == Wedge.BUT_200 ? 0 : waiting;
    }

    boolean hangs() {
        return wedge != null;
    }

    boolean serves() {
        return log.ready() && stoppedUntil == null;
    }

    /** A person or the console stops and starts it again. */
    void restart(Instant now) {
        wedge = null;
        stoppedUntil = now.plusSeconds(5 + random.nextInt(10));
    }

    /** Sends a tiny prompt, unless one is still under way. */
    void sendCanary(Instant now) {
        canarySent = canarySent == null ? now : canarySent;
    }

    /** Advances by one step and shows what a look sees then. */
    Observation look(Instant now, Duration step) {
        Instant until = stoppedUntil;
        if (until != null) {
            if (now.isBefore(until)) {
                return seen(now, new Process(Process.State.EXITED, startedAt, 143), Answer.REFUSED, null, 0.06, null);
            }
            stoppedUntil = null;
            begin(now);
        }
        Process process = new Process(Process.State.RUNNING, startedAt, null);
        if (!log.ready()) {
            load(now);
            return seen(
                    now, process, log.ready() ? Answer.OK : Answer.REFUSED, log.ready() ? sample() : null, 0.1, null);
        }
        Wedge how = wedge;
        if (how != null) {
            return wedged(now, process, how);
        }
        work(step);
        boolean lost = random.nextInt(200) == 0;
        Canary canary = null;
        if (canarySent != null) {
            canary = Canary.ANSWERED;
            generated += 2;
            canarySent = null;
        }
        double power = running > 0 ? 0.78 + 0.2 * random.nextDouble() : 0.05 + 0.03 * random.nextDouble();
        return seen(now, process, lost ? Answer.TIMED_OUT : Answer.OK, lost ? null : sample(), power, canary);
    }

    private Observation wedged(Instant now, Process process, Wedge how) {
        if (how != Wedge.BUT_200 && random.nextInt(6) == 0) {
            waiting++;
        }
        Canary canary = null;
        Instant sent = canarySent;
        if (sent != null && !now.isBefore(sent.plus(CANARY_PATIENCE))) {
            canary = Canary.TIMED_OUT;
            canarySent = null;
        }
        return switch (how) {
            case BUT_200 -> seen(now, process, Answer.OK, sample(), 0.06, canary);
            case NO_POWER -> seen(now, process, Answer.OK, sample(), 0.08, canary);
            case SPINNING -> seen(now, process, Answer.OK, sample(), 0.34, canary);
            case FULL_POWER -> seen(now, process, Answer.OK, sample(), 0.92, canary);
            case NO_ANSWER -> seen(now, process, Answer.TIMED_OUT, null, 0.07, canary);
        };
    }

    private void begin(Instant now) {
        startedAt = now;
        canarySent = null;
        log = LogReading.EMPTY;
        lines = 0;
        nextLine = now;
        running = 0;
        waiting = 0;
        prefillLeft = 0;
        generated = 0;
        prompted = 0;
        burst = 0;
    }

    private void load(Instant now) {
        while (lines < START.length && !now.isBefore(nextLine)) {
            log = log.with(nextLine, START[lines++]);
            int most = slowDisk && lines == 5 ? 250 : 28;
            nextLine = nextLine.plusSeconds(2 + random.nextInt(most));
        }
    }

    private void work(Duration step) {
        double seconds = step.toMillis() / 1000.0;
        if (burst <= 0 && random.nextInt(70) == 0) {
            burst = 20 + random.nextInt(600);
            running = 1 + random.nextInt(4);
            waiting = random.nextInt(5) == 0 ? 12 + random.nextInt(30) : 0;
            if (random.nextInt(3) == 0) {
                prefillLeft = 4000 + random.nextInt(60_000);
                running = 1;
                waiting = random.nextInt(3);
            }
        }
        if (burst <= 0) {
            running = 0;
            waiting = 0;
            return;
        }
        burst -= seconds;
        if (prefillLeft > 0) {
            double read = PREFILLED_PER_SECOND * seconds;
            prefillLeft -= read;
            if (prefillLeft <= 0) {
                prompted += 30_000;
            }
            burst = Math.max(burst, seconds * 2);
            return;
        }
        running = Math.clamp(running + random.nextInt(3) - 1, 1, MOST_AT_ONCE);
        if (waiting > 0) {
            running = MOST_AT_ONCE;
            waiting = Math.max(0, waiting + random.nextInt(5) - 2);
        }
        generated += running * DECODED_PER_SECOND * seconds * (running > 8 ? 0.6 : 1);
        prompted += random.nextInt(1500);
    }

    private EngineSample sample() {
        return new EngineSample(
                (int) running,
                (int) waiting,
                (long) generated,
                (long) prompted,
                Math.min(1, running / MOST_AT_ONCE * 0.8 + Math.min(0.2, waiting * 0.01)),
                0L,
                false);
    }

    private Observation seen(
            Instant now,
            Process process,
            Answer answer,
            @Nullable EngineSample sample,
            double powerShare,
            @Nullable Canary canary) {
        return new Observation(
                now,
                process,
                answer,
                log.phase() == null ? null : log,
                sample,
                null,
                null,
                new GpuWork(powerShare * LIMIT_WATTS, LIMIT_WATTS, powerShare > 0.3 ? 1.0 : 0.0, null),
                canary);
    }
}
