/** SSH to hosts and guests: pinned host keys, shared sessions, commands with real cancel, files written atomically. */
@ApplicationModule(allowedDependencies = {"base"})
@NullMarked
package dev.rackhouse.ssh;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
