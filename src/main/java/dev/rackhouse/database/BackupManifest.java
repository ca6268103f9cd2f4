package dev.rackhouse.database;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code backup.json} in a backup says; the rest of the zip are the tables, {@code tables/<name>.copy}, in PostgreSQL's text
 * form of COPY.
 *
 * @param format of this file, counted up when it changes
 * @param madeAt ISO 8601, UTC
 * @param schemaVersion the newest migration that the database had
 * @param masterKey null when the backup was made without it
 */
record BackupManifest(
        int format,
        String madeAt,
        String schemaVersion,
        List<Table> tables,
        List<Sequence> sequences,
        @Nullable Key masterKey) {

    static final int FORMAT = 1;
    static final String ENTRY = "backup.json";

    /** @param sha256 of the entry's bytes, hexadecimal */
    record Table(String name, List<String> columns, long rows, String sha256) {
        String entry() {
            return "tables/" + name + ".copy";
        }
    }

    record Sequence(String name, long lastValue, boolean called) {}

    /** Exactly one of {@code plain} and {@code sealed} is there. */
    record Key(String id, @Nullable String plain, @Nullable Sealed sealed) {}

    /** AES-256-GCM under a key derived from the passphrase; all in Base64. */
    record Sealed(String derivation, int iterations, String salt, String nonce, String text) {}
}
