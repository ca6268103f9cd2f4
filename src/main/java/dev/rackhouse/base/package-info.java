/** Words used everywhere: addresses, sizes, verdicts, failures of remote machines. Knows nobody. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.rackhouse.base;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
