package dev.rackhouse.database;

import dev.rackhouse.base.StartRefused;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes all tables of the console into one file, as they stood at one moment (one repeatable-read transaction), while the console
 * runs or not. The bundled PostgreSQL brings no pg_dump, and pg_dump of another version would not do for an external one: so it is
 * our own, on COPY. Works with any PostgreSQL on both sides.
 */
final class Backup {

    private static final String TABLES = """
            select c.relname,
                   array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = '') as columns
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'flyway_schema_history'
            group by c.relname order by c.relname""";

    private Backup() {}

    /**
     * Writes the file, readable by its owner only; it has its name only when it is complete.
     *
     * @throws StartRefused when there is no console's data in the database
     */
    static BackupManifest write(
            DatabaseAddress database, BackupManifest.@Nullable Key key, Path file, boolean overwrite)
            throws IOException, SQLException {
        if (Files.exists(file) && !overwrite) {
            throw new StartRefused(file + " is already there.", "Name another file, or add --overwrite.");
        }
        Path folder = file.toAbsolutePath().getParent();
        Path part = Files.createTempFile(
                folder,
                file.getFileName() + ".",
                ".part",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            BackupManifest manifest;
            try (Connection connection = database.connect();
                    var out = new ZipOutputStream(Files.newOutputStream(part))) {
                connection.setAutoCommit(false);
                connection.setReadOnly(true);
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                manifest = write(connection, key, out);
                connection.rollback();
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return manifest;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static BackupManifest write(Connection connection, BackupManifest.@Nullable Key key, ZipOutputStream out)
            throws IOException, SQLException {
        String version = schemaVersion(connection);
        CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
        List<BackupManifest.Table> tables = new ArrayList<>();
        for (BackupManifest.Table planned : tables(connection)) {
            out.putNextEntry(new ZipEntry(planned.entry()));
            var digesting = new DigestOutputStream(new Unclosable(out), sha256());
            long rows = copy.copyOut(
                    "copy " + quoted(planned.name()) + " (" + columns(planned.columns())
                            + ") to stdout (encoding 'UTF8')",
                    digesting);
            out.closeEntry();
            tables.add(new BackupManifest.Table(
                    planned.name(),
                    planned.columns(),
                    rows,
                    HexFormat.of().formatHex(digesting.getMessageDigest().digest())));
        }
        var manifest = new BackupManifest(
                BackupManifest.FORMAT, Instant.now().toString(), version, tables, sequences(connection), key);
        out.putNextEntry(new ZipEntry(BackupManifest.ENTRY));
        out.write(JSON.writeValueAsBytes(manifest));
        out.closeEntry();
        return manifest;
    }

    static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static String schemaVersion(Connection connection) throws SQLException {
        List<String> versions = new ArrayList<>();
        try (var statement = connection.createStatement()) {
            try (ResultSet there = statement.executeQuery("select to_regclass('public.flyway_schema_history')")) {
                there.next();
                if (there.getString(1) == null) {
                    throw new StartRefused(
                            "The database holds no data of the console.",
                            "Check RACKHOUSE_DATABASE_URL or RACKHOUSE_DATA_DIRECTORY.");
                }
            }
            try (ResultSet found = statement.executeQuery(
                    "select version from public.flyway_schema_history where success and version is not null")) {
                while (found.next()) {
                    versions.add(found.getString(1));
                }
            }
        }
        return versions.stream()
                .map(MigrationVersion::fromVersion)
                .max(MigrationVersion::compareTo)
                .map(MigrationVersion::getVersion)
                .orElse("0");
    }

    static List<BackupManifest.Table> tables(Connection connection) throws SQLException {
        List<BackupManifest.Table> tables = new ArrayList<>();
        try (var statement = connection.createStatement();
                ResultSet found = statement.executeQuery(TABLES)) {
            while (found.next()) {
                String[] columns = (String[]) found.getArray("columns").getArray();
                tables.add(new BackupManifest.Table(found.getString("relname"), List.of(columns), 0, ""));
            }
        }
        return tables;
    }

    private static List<BackupManifest.Sequence> sequences(Connection connection) throws SQLException {
        List<String> names = new ArrayList<>();
        try (var statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "select sequencename from pg_sequences where schemaname = 'public' order by 1")) {
            while (found.next()) {
                names.add(found.getString(1));
            }
        }
        List<BackupManifest.Sequence> sequences = new ArrayList<>();
        for (String name : names) {
            try (var statement = connection.createStatement();
                    ResultSet found =
                            statement.executeQuery("select last_value, is_called from public." + quoted(name))) {
                found.next();
                sequences.add(new BackupManifest.Sequence(name, found.getLong(1), found.getBoolean(2)));
            }
        }
        return sequences;
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String columns(List<String> names) {
        return names.stream().map(Backup::quoted).collect(Collectors.joining(", "));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Passes blocks on as blocks, and does not close the zip at the end of a table. */
    private static final class Unclosable extends FilterOutputStream {
        Unclosable(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() {}
    }
}
