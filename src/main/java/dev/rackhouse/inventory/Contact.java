package dev.rackhouse.inventory;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one source of facts stands: when it last answered, and since when and why it does not.
 *
 * @param source {@code cluster}, {@code probe}, {@code status}, {@code pci}, {@code network}
 * @param subject the node; empty for the lab as a whole
 */
record Contact(
        String source,
        String subject,
        @Nullable Instant attemptedAt,
        @Nullable Instant seenAt,
        @Nullable Instant failingSince,
        @Nullable String failureCode,
        @Nullable String failure) {

    static Contact never(String source, String subject) {
        return new Contact(source, subject, null, null, null, null, null);
    }

    boolean failing() {
        return failingSince != null;
    }
}
