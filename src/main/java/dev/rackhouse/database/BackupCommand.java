package dev.rackhouse.database;

import dev.rackhouse.access.MasterKey;
import dev.rackhouse.access.MasterKeyFile;
import dev.rackhouse.base.Secret;
import dev.rackhouse.base.StartRefused;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** {@code rackhouse backup FILE}: all data of the console in one file. The console may run meanwhile. */
public final class BackupCommand {

    private static final String USAGE = """
            rackhouse backup FILE [--overwrite] [--without-key]

            Writes all data of the console and its master key into FILE. The console may run meanwhile.
            RACKHOUSE_BACKUP_PASSPHRASE, or RACKHOUSE_BACKUP_PASSPHRASE_FILE naming a file: closes the master key in FILE.
            --without-key   leaves the master key out; keep its file yourself""";

    private BackupCommand() {}

    public static void main(String[] arguments) {
        CommandLine.run(USAGE, arguments, BackupCommand::backup);
    }

    private static void backup(Path file, List<String> flags, Environment environment) throws Exception {
        DatabaseSettings settings = DatabaseSettings.of(environment);
        Optional<DatabaseAddress> running =
                settings.external().or(() -> BundledPostgres.find(settings.dataDirectory()));
        if (running.isPresent()) {
            write(running.get(), file, flags, environment);
        } else {
            refuseWithoutData(settings);
            try (BundledPostgres server = BundledPostgres.start(settings.dataDirectory(), settings.port())) {
                write(server.address(), file, flags, environment);
            }
        }
    }

    private static void write(DatabaseAddress database, Path file, List<String> flags, Environment environment)
            throws IOException, SQLException {
        MasterKeyFile keyFile = MasterKeyFile.of(environment);
        Secret passphrase = CommandLine.passphrase(environment);
        BackupManifest.Key key = flags.contains("--without-key") ? null : key(database, keyFile, passphrase);
        BackupManifest manifest = Backup.write(database, key, file, flags.contains("--overwrite"));
        long rows =
                manifest.tables().stream().mapToLong(BackupManifest.Table::rows).sum();
        System.out.printf(
                "Saved %d rows of %d tables (schema step %s) in %s, readable by its owner only.%n",
                rows, manifest.tables().size(), manifest.schemaVersion(), file);
        if (key == null) {
            System.out.println("The master key is NOT in it: without " + keyFile.path()
                    + " the stored credentials cannot be read.");
        } else if (key.sealed() != null) {
            System.out.println("The master key is in it, closed with your passphrase: without that it is lost.");
        } else {
            System.out.println(
                    "The master key is in it, NOT encrypted: whoever has this file can read every stored credential."
                            + " Set RACKHOUSE_BACKUP_PASSPHRASE to close it.");
        }
    }

    private static BackupManifest.Key key(DatabaseAddress database, MasterKeyFile keyFile, @Nullable Secret passphrase)
            throws SQLException {
        MasterKey key = keyFile.read()
                .orElseThrow(() -> new StartRefused(
                        "The master key is not in " + keyFile.path() + ".",
                        "Name its file in RACKHOUSE_MASTER_KEY_FILE, or leave it out with --without-key."));
        String used = MasterKeyUsed.in(database);
        if (!used.isEmpty() && !used.equals(key.id())) {
            throw new StartRefused(
                    keyFile.path() + " holds the master key " + key.id() + ", but the data is encrypted with " + used
                            + ".",
                    "Name the right file in RACKHOUSE_MASTER_KEY_FILE, or leave it out with --without-key.");
        }
        return passphrase == null
                ? new BackupManifest.Key(key.id(), key.reveal(), null)
                : new BackupManifest.Key(key.id(), null, Passphrase.seal(key, passphrase));
    }

    private static void refuseWithoutData(DatabaseSettings settings) {
        if (!BundledPostgres.hasData(settings.dataDirectory())) {
            throw new StartRefused(
                    "There is no data of a console in " + settings.dataDirectory() + ".",
                    "Name its data directory in RACKHOUSE_DATA_DIRECTORY, or its database in RACKHOUSE_DATABASE_URL.");
        }
    }
}
