package dev.rackhouse.database;

import dev.rackhouse.access.AuditCheck;
import dev.rackhouse.access.AuditVerdict;
import dev.rackhouse.access.MasterKey;
import dev.rackhouse.access.MasterKeyFile;
import dev.rackhouse.base.StartRefused;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.core.env.Environment;

/** {@code rackhouse restore FILE}: brings a backup back into an empty database and proves that it is all there. */
public final class RestoreCommand {

    private static final String USAGE = """
            rackhouse restore FILE

            Brings a backup back into an empty database: a new data directory (RACKHOUSE_DATA_DIRECTORY), or an empty
            external one (RACKHOUSE_DATABASE_URL, _USER, _PASSWORD). The console must not run there.
            RACKHOUSE_BACKUP_PASSPHRASE, or RACKHOUSE_BACKUP_PASSPHRASE_FILE: opens the master key in FILE.""";

    private RestoreCommand() {}

    public static void main(String[] arguments) {
        CommandLine.run(USAGE, arguments, RestoreCommand::restore);
    }

    private static void restore(Path file, List<String> flags, Environment environment) throws Exception {
        try (Restore backup = Restore.open(file)) {
            Optional<MasterKey> key = backup.key(CommandLine.passphrase(environment));
            MasterKeyFile keyFile = MasterKeyFile.of(environment);
            try (var database = DatabaseBeans.OpenDatabase.open(DatabaseSettings.of(environment))) {
                backup.into(database.address(), key, keyFile);
                report(backup.manifest(), database.address(), keyFile);
            }
        }
    }

    private static void report(BackupManifest manifest, DatabaseAddress database, MasterKeyFile keyFile)
            throws Exception {
        long rows =
                manifest.tables().stream().mapToLong(BackupManifest.Table::rows).sum();
        System.out.printf(
                "Restored %d rows of %d tables (schema step %s), made at %s, into %s.%n",
                rows, manifest.tables().size(), manifest.schemaVersion(), manifest.madeAt(), database.shown());
        String used = MasterKeyUsed.in(database);
        Optional<MasterKey> key = keyFile.read();
        if (key.isEmpty() || !(used.isEmpty() || used.equals(key.get().id()))) {
            throw new StartRefused(
                    "All rows are back, but the master key " + used + " is not in " + keyFile.path() + ".",
                    "The backup was made without it: put its file there before you start the console.");
        }
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(database.url());
        source.setUser(database.user());
        source.setPassword(database.password().reveal());
        switch (AuditCheck.verify(source, key.get())) {
            case AuditVerdict.Intact intact -> System.out.println("The audit: " + intact.sentence());
            case AuditVerdict.Broken broken ->
                System.out.println("The audit came back as it was saved, and is not intact: " + broken.sentence());
        }
        System.out.println("The master key is in " + keyFile.path() + ". Start the console now.");
    }
}
