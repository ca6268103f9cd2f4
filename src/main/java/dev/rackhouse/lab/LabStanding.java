package dev.rackhouse.lab;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Verdict;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the last talk with one machine of a lab went, as this console saw it since it started.
 *
 * @param machine {@code Proxmox}, or the host's name
 * @param answeredAt when it last answered; null when it never did
 * @param failure what went wrong last; null when the last talk went well
 */
public record LabStanding(
        String machine,
        @Nullable Instant answeredAt,
        @Nullable Instant failedAt,
        @Nullable RemoteFailure failure) {

    /** Never green without an answer; a changed key and refused credentials are critical, silence is stale. */
    public Verdict verdict() {
        RemoteFailure trouble = failure;
        if (trouble == null) {
            return answeredAt == null
                    ? Verdict.of(
                            Verdict.Level.UNKNOWN,
                            "lab.not-asked",
                            machine + " has not been asked since the console started.")
                    : Verdict.ok();
        }
        String sentence = String.valueOf(trouble.getMessage());
        return switch (trouble) {
            case RemoteFailure.Untrusted _ -> Verdict.of(Verdict.Level.CRITICAL, "lab.untrusted", sentence);
            case RemoteFailure.Refused _ -> Verdict.of(Verdict.Level.CRITICAL, "lab.refused", sentence);
            case RemoteFailure.Unreachable _ -> Verdict.of(Verdict.Level.STALE, "lab.unreachable", sentence);
            case RemoteFailure.TimedOut _ -> Verdict.of(Verdict.Level.STALE, "lab.timed-out", sentence);
            case RemoteFailure.Unreadable _ -> Verdict.of(Verdict.Level.ATTENTION, "lab.unreadable", sentence);
        };
    }
}
