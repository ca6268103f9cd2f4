package dev.rackhouse.runbook;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far one effect has come. Changed only through the methods below, each of which is one arrow:
 *
 * <pre>
 * NEW        -&gt; SENDING (intent)  ALREADY  SKIPPED  CONFIRMING (a wait)
 * SENDING    -&gt; SENT (task or script under way)  CONFIRMING  DONE  SENDING (looked up, sent again)
 * SENT       -&gt; CONFIRMING  DONE
 * CONFIRMING -&gt; DONE
 * any of them -&gt; FAILED, which remembers where to resume
 * </pre>
 *
 * Not thread-safe: one executor at a time holds the run.
 */
final class ActState {

    enum Phase {
        NEW,
        SENDING,
        SENT,
        CONFIRMING,
        DONE,
        ALREADY,
        SKIPPED,
        FAILED;

        boolean ended() {
            return this == DONE || this == ALREADY || this == SKIPPED;
        }
    }

    final int step;
    final int part;
    final String key;
    Phase phase = Phase.NEW;
    Phase resume = Phase.NEW;
    int attempt;
    int failures;
    int polls;
    boolean approved;
    boolean touched;

    @Nullable
    Instant beganAt;

    @Nullable
    Instant intentAt;

    @Nullable
    Instant sentAt;

    @Nullable
    Instant confirmSince;

    @Nullable
    Instant finishedAt;

    @Nullable
    Instant notBefore;

    @Nullable
    String upid;

    long logAt;
    String note = "";

    ActState(int step, int part, String key) {
        this.step = step;
        this.part = part;
        this.key = key;
    }

    void begin(Instant now) {
        if (beganAt == null) {
            beganAt = now;
        }
        if (attempt == 0) {
            attempt = 1;
        }
        notBefore = null;
    }

    /** Stored before anything leaves. */
    void intend(Instant now) {
        need(phase == Phase.NEW);
        phase = Phase.SENDING;
        intentAt = now;
        touched = true;
        sentAt = null;
        upid = null;
        logAt = 0;
        polls = 0;
    }

    /**
     * The machine said no, so nothing happened.
     *
     * @param first nothing had left before: there is nothing to undo either
     */
    void refused(boolean first) {
        need(phase == Phase.SENDING);
        if (first) {
            touched = false;
        }
        phase = Phase.NEW;
    }

    /** A task or script is under way. */
    void sent(Instant now, @Nullable String task) {
        need(phase == Phase.SENDING);
        phase = Phase.SENT;
        sentAt = sentAt == null || task != null ? now : sentAt;
        upid = task;
        failures = 0;
        polls = 0;
    }

    void confirming(Instant now) {
        need(phase == Phase.NEW || phase == Phase.SENDING || phase == Phase.SENT);
        phase = Phase.CONFIRMING;
        confirmSince = now;
        failures = 0;
        polls = 0;
    }

    void end(Phase ended, Instant now, String why) {
        need(ended.ended() && !phase.ended());
        phase = ended;
        finishedAt = now;
        note = why;
    }

    void fail(Instant now, String reason, Phase resumeAt) {
        phase = Phase.FAILED;
        finishedAt = now;
        note = reason;
        resume = resumeAt;
    }

    /** Tried again by itself, not before then; the phase stays, except after a certain failure. */
    void again(Instant when, String why) {
        failures++;
        notBefore = when;
        note = why;
    }

    /** A whole new attempt: what was sent has failed for certain. */
    void anew() {
        phase = Phase.NEW;
        attempt++;
        upid = null;
    }

    /** A person asked to go on. */
    void retry() {
        need(phase == Phase.FAILED);
        phase = resume;
        failures = 0;
        notBefore = null;
        finishedAt = null;
        confirmSince = null;
        note = "";
        if (phase == Phase.NEW) {
            attempt++;
        }
    }

    /** When the waiting may end at the latest. */
    static Instant later(@Nullable Instant from, Duration by, Instant now) {
        return (from == null ? now : from).plus(by);
    }

    private void need(boolean allowed) {
        if (!allowed) {
            throw new IllegalStateException("Step " + step + " part " + part + " is in phase " + phase);
        }
    }
}
