/** Programs on machines as they speak: HTTP through the SSH connection of a machine; one package per program. */
@ApplicationModule(allowedDependencies = {"base", "ssh"})
@NullMarked
package dev.rackhouse.integration;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
