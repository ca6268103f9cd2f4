package dev.rackhouse.base;

import java.time.Duration;
import java.time.Instant;

/**
 * A kind of record that grows for ever unless old ones are dropped. A module that owns such a table contributes one bean; how long
 * it is kept is an admin's setting, and the purge runs daily.
 */
public interface Retained {

    /** Stable key of the setting: {@code changes}, {@code samples}, {@code evidence}, {@code audit}. */
    String key();

    /** As shown: {@code Changes in the inventory}. */
    String title();

    /** How long records are kept until an admin says otherwise. */
    Duration keptByDefault();

    /** Drops what is older than the instant, in a transaction of its own; returns how many records went. */
    long purge(Instant before);

    /** When the oldest record that is still there was written; null when there is none. */
    @org.jspecify.annotations.Nullable
    Instant oldest();
}
