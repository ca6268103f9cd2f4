package dev.rackhouse.runbook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A piece of evidence on its way into the journal. Not thread-safe. */
final class EvidenceDraft {

    final int step;
    final String part;
    final int attempt;
    final String machine;
    final String command;
    final Instant sentAt;
    /** Repeated looks with the same part keep one row with the last answer. */
    final boolean repeats;

    @Nullable
    Long id;

    @Nullable
    Instant answeredAt;

    @Nullable
    Integer status;

    String answer = "";
    String error = "";
    String judgement = "";

    @Nullable
    String upid;

    EvidenceDraft(int step, String part, int attempt, String machine, String command, Instant sentAt, boolean repeats) {
        this.step = step;
        this.part = part;
        this.attempt = attempt;
        this.machine = machine;
        this.command = command;
        this.sentAt = sentAt;
        this.repeats = repeats;
    }
}
