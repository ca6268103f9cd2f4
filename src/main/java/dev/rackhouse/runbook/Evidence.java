package dev.rackhouse.runbook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One command that was sent, with what came back; redacted and bounded.
 *
 * @param step from 1
 * @param part what it was for: {@code command}, {@code unless}, {@code confirm}, {@code undo 1}, {@code undo 1 guard}, ...
 * @param times how often it was sent in a row with the same part (a poll keeps only its last answer)
 * @param command as sent, one line or a script
 * @param machine where
 * @param status HTTP status, exit code; null: no answer
 * @param judgement what the conditions said; may be empty
 */
public record Evidence(
        long id,
        int step,
        String part,
        int attempt,
        int times,
        String machine,
        String command,
        Instant sentAt,
        @Nullable Instant answeredAt,
        @Nullable Integer status,
        String answer,
        String error,
        String judgement,
        @Nullable String upid) {}
