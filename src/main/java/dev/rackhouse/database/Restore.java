package dev.rackhouse.database;

import dev.rackhouse.access.MasterKey;
import dev.rackhouse.access.MasterKeyFile;
import dev.rackhouse.base.Secret;
import dev.rackhouse.base.StartRefused;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import tools.jackson.core.JacksonException;

/**
 * Brings a backup back into an empty database: first everything is read and checked, then the schema is made as it was, then all
 * rows go in, in one transaction with the foreign keys off and put back (and checked by PostgreSQL) before it ends. When anything
 * fails the database is empty again.
 */
final class Restore implements AutoCloseable {

    private final Path file;
    private final ZipFile zip;
    private final BackupManifest manifest;
    private final String[] migrations;

    private Restore(Path file, ZipFile zip, BackupManifest manifest, String[] migrations) {
        this.file = file;
        this.zip = zip;
        this.manifest = manifest;
        this.migrations = migrations;
    }

    /**
     * Opens a backup and checks that every table in it is as it was written.
     *
     * @throws StartRefused when it is not a backup, or damaged
     */
    static Restore open(Path file) throws IOException {
        return open(file, "classpath:db/migration");
    }

    /** As above, with the schema from other places. For tests. */
    static Restore open(Path file, String... migrations) throws IOException {
        if (!Files.isReadable(file)) {
            throw new StartRefused("The backup " + file + " is not there or cannot be read.", "Check the name.");
        }
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (IOException e) {
            throw damaged(file, "it is no zip file or was cut off", e);
        }
        try {
            Restore restore = new Restore(file, zip, manifest(file, zip), migrations);
            restore.check();
            return restore;
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    BackupManifest manifest() {
        return manifest;
    }

    /** The master key, if the backup has one. */
    Optional<MasterKey> key(@Nullable Secret passphrase) {
        BackupManifest.Key key = manifest.masterKey();
        if (key == null) {
            return Optional.empty();
        }
        BackupManifest.Sealed sealed = key.sealed();
        if (sealed == null) {
            return Optional.of(MasterKey.parse(String.valueOf(key.plain())));
        }
        if (passphrase == null) {
            throw new StartRefused(
                    "The master key in this backup is closed with a passphrase.",
                    "Give it in RACKHOUSE_BACKUP_PASSPHRASE, or the file that holds it in RACKHOUSE_BACKUP_PASSPHRASE_FILE.");
        }
        return Optional.of(Passphrase.open(sealed, passphrase));
    }

    /**
     * Fills the empty database and writes the key file.
     *
     * @param key written to the file unless the same key is there already; nothing is written when it is empty
     */
    void into(DatabaseAddress database, Optional<MasterKey> key, MasterKeyFile keyFile)
            throws IOException, SQLException {
        Optional<MasterKey> there = keyFile.read();
        if (key.isPresent()
                && there.isPresent()
                && !there.get().id().equals(key.get().id())) {
            throw new StartRefused(
                    "Another master key (" + there.get().id() + ") lies in " + keyFile.path() + ".",
                    "Restore into a new data directory, or move that file away if nothing needs it.");
        }
        refuseUnlessEmpty(database);
        Flyway flyway = flyway(database);
        refuseNewer(flyway);
        boolean keyWritten = false;
        try {
            flyway.migrate();
            try (Connection connection = database.connect()) {
                connection.setAutoCommit(false);
                fill(connection);
                if (key.isPresent() && there.isEmpty()) {
                    keyFile.write(key.get());
                    keyWritten = true;
                }
                connection.commit();
            }
        } catch (IOException | SQLException | RuntimeException e) {
            if (keyWritten) {
                Files.deleteIfExists(keyFile.path());
            }
            flyway.clean();
            throw e;
        }
    }

    private void fill(Connection connection) throws IOException, SQLException {
        Set<String> known = new HashSet<>();
        Backup.tables(connection).forEach(table -> known.add(table.name()));
        try (Statement statement = connection.createStatement()) {
            List<String[]> foreignKeys = foreignKeys(connection);
            for (String[] key : foreignKeys) {
                statement.execute("alter table " + key[0] + " drop constraint " + Backup.quoted(key[1]));
            }
            for (String table : known) {
                statement.execute("alter table public." + Backup.quoted(table) + " disable trigger user");
                statement.execute("delete from public." + Backup.quoted(table));
            }
            CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
            for (BackupManifest.Table table : manifest.tables()) {
                if (!known.contains(table.name())) {
                    throw damaged(
                            file, "it has a table " + table.name() + " that its schema version does not have", null);
                }
                try (InputStream rows = entry(table)) {
                    long copied = copy.copyIn(
                            "copy public." + Backup.quoted(table.name()) + " (" + Backup.columns(table.columns())
                                    + ") from stdin (encoding 'UTF8')",
                            rows);
                    if (copied != table.rows()) {
                        throw damaged(file, table.name() + " has " + copied + " rows instead of " + table.rows(), null);
                    }
                }
            }
            for (String table : known) {
                statement.execute("alter table public." + Backup.quoted(table) + " enable trigger user");
            }
            for (String[] key : foreignKeys) {
                statement.execute("alter table " + key[0] + " add constraint " + Backup.quoted(key[1]) + " " + key[2]);
            }
        }
        try (var set = connection.prepareStatement("select setval(cast(? as regclass), ?, ?)")) {
            for (BackupManifest.Sequence sequence : manifest.sequences()) {
                set.setString(1, "public." + Backup.quoted(sequence.name()));
                set.setLong(2, sequence.lastValue());
                set.setBoolean(3, sequence.called());
                set.executeQuery().close();
            }
        }
    }

    private static List<String[]> foreignKeys(Connection connection) throws SQLException {
        List<String[]> keys = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("""
                        select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
                        where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0""")) {
            while (found.next()) {
                keys.add(new String[] {found.getString(1), found.getString(2), found.getString(3)});
            }
        }
        return keys;
    }

    private static void refuseUnlessEmpty(DatabaseAddress database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("""
                        select count(*) from pg_class
                        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S')""")) {
            found.next();
            if (found.getInt(1) > 0) {
                throw new StartRefused(
                        "The database " + database.shown()
                                + " is not empty; a backup is restored into an empty one only.",
                        "Name a new data directory in RACKHOUSE_DATA_DIRECTORY, or an empty database in RACKHOUSE_DATABASE_URL.");
            }
        }
    }

    private Flyway flyway(DatabaseAddress database) {
        return Flyway.configure()
                .dataSource(database.url(), database.user(), database.password().reveal())
                .locations(migrations)
                .target(MigrationVersion.fromVersion(manifest.schemaVersion()))
                .cleanDisabled(false)
                .load();
    }

    private void refuseNewer(Flyway flyway) {
        var wanted = MigrationVersion.fromVersion(manifest.schemaVersion());
        boolean known = Arrays.stream(flyway.info().all()).anyMatch(info -> wanted.equals(info.getVersion()));
        if (!known && !manifest.schemaVersion().equals("0")) {
            throw new StartRefused(
                    "This backup was made by a newer Rackhouse (schema step " + manifest.schemaVersion()
                            + "; this one knows up to " + SchemaVersion.known(flyway) + ").",
                    "Restore it with that version or a later one.");
        }
    }

    private void check() throws IOException {
        if (manifest.format() != BackupManifest.FORMAT) {
            throw new StartRefused(
                    "The backup " + file + " has the format " + manifest.format() + "; this version reads "
                            + BackupManifest.FORMAT + ".",
                    "Restore it with the version that made it or a later one.");
        }
        for (BackupManifest.Table table : manifest.tables()) {
            try (var digesting = new DigestInputStream(entry(table), Backup.sha256())) {
                digesting.transferTo(OutputStream.nullOutputStream());
                String found =
                        HexFormat.of().formatHex(digesting.getMessageDigest().digest());
                if (!found.equals(table.sha256())) {
                    throw damaged(file, "the rows of " + table.name() + " are not as they were written", null);
                }
            } catch (java.util.zip.ZipException | java.io.EOFException e) {
                throw damaged(file, "the rows of " + table.name() + " cannot be unpacked", e);
            }
        }
    }

    private InputStream entry(BackupManifest.Table table) throws IOException {
        ZipEntry entry = zip.getEntry(table.entry());
        if (entry == null) {
            throw damaged(file, "the rows of " + table.name() + " are missing", null);
        }
        return zip.getInputStream(entry);
    }

    private static BackupManifest manifest(Path file, ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry(BackupManifest.ENTRY);
        if (entry == null) {
            throw damaged(file, "it holds no " + BackupManifest.ENTRY, null);
        }
        try (InputStream text = zip.getInputStream(entry)) {
            return Backup.JSON.readValue(text, BackupManifest.class);
        } catch (JacksonException e) {
            throw damaged(file, BackupManifest.ENTRY + " cannot be read", e);
        }
    }

    private static StartRefused damaged(Path file, String how, @Nullable Throwable cause) {
        String reason = "The backup " + file + " is damaged or no backup of the console: " + how + ".";
        String remedy = "Use another copy. Nothing was changed.";
        return cause == null ? new StartRefused(reason, remedy) : new StartRefused(reason, remedy, cause);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
