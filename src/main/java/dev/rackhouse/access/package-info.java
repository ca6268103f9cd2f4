/** Who may come in and what they may do: sign-in, roles, the audit, secrets at rest. */
@ApplicationModule(allowedDependencies = {"base", "base :: ui"})
@NullMarked
package dev.rackhouse.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
