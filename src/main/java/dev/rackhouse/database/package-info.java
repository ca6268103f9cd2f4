/** Where the console keeps its own data: the bundled PostgreSQL or an external one, the schema's version, retention, backup and restore. */
@ApplicationModule(allowedDependencies = {"base", "base :: ui", "access"})
@NullMarked
package dev.rackhouse.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
