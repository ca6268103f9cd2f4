package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the collecting of one lab stands, as stored.
 *
 * @param revision rises with every change of the lab's facts
 * @param seenAt the last complete answer; null: never
 * @param failingSince the first failed attempt after the last answer; null: the last attempt succeeded
 */
record LabState(
        LabId lab,
        @Nullable String holder,
        long epoch,
        long revision,
        @Nullable Instant attemptedAt,
        @Nullable Instant seenAt,
        @Nullable Instant failingSince,
        @Nullable String failureCode,
        @Nullable String failure,
        @Nullable String version,
        @Nullable String cluster,
        @Nullable Boolean quorate,
        @Nullable Instant wantedAt,
        @Nullable Instant watchedAt) {

    Contact contact() {
        return new Contact("cluster", "", attemptedAt, seenAt, failingSince, failureCode, failure);
    }
}
