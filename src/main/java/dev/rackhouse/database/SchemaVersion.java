package dev.rackhouse.database;

import dev.rackhouse.base.StartRefused;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreMigrationType;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.exception.FlywayValidateException;

/** Brings an older schema up to this version, and refuses one that a newer version left. */
final class SchemaVersion {

    private SchemaVersion() {}

    static void migrate(Flyway flyway) {
        refuseUnknown(flyway);
        try {
            flyway.migrate();
        } catch (FlywayValidateException e) {
            throw new StartRefused(
                    "The database was brought to its state by other migrations than this version knows: "
                            + e.getMessage(),
                    "Start the version that last used this database, or restore a backup made with this one.",
                    e);
        } catch (FlywayException e) {
            throw new StartRefused(
                    "The database could not be brought to this version's state; it is as it was before. "
                            + e.getMessage(),
                    "Start the version that last used it, and report this.",
                    e);
        }
    }

    /** The newest migration that this build knows. */
    static String known(Flyway flyway) {
        return Arrays.stream(flyway.info().all())
                .filter(SchemaVersion::isKnownHere)
                .map(MigrationInfo::getVersion)
                .max(Comparator.naturalOrder())
                .map(MigrationVersion::getVersion)
                .orElse("0");
    }

    private static void refuseUnknown(Flyway flyway) {
        Optional<MigrationInfo> unknown = Arrays.stream(flyway.info().all())
                .filter(info -> info.getState().isApplied() && !info.getState().isResolved())
                .filter(info -> info.getVersion() != null && !(info.getType() == CoreMigrationType.BASELINE))
                .max(Comparator.comparing(MigrationInfo::getVersion));
        if (unknown.isPresent()) {
            throw new StartRefused(
                    "The database was last used by a newer Rackhouse: its schema has step "
                            + unknown.get().getVersion() + " (" + unknown.get().getDescription()
                            + "), and this version knows steps up to " + known(flyway) + ".",
                    "Start the newer version again, or restore a backup made with this version into an empty database. Nothing was changed.");
        }
    }

    private static boolean isKnownHere(MigrationInfo info) {
        return info.getState().isResolved() && info.getVersion() != null;
    }
}
