/**
 * The console under strain, as commands: runbooks rehearsed with every fault, the process killed in mid-run, budgets measured.
 * Starts the pretend labs and consoles as processes of their own, and never runs inside the console.
 */
@ApplicationModule
@NullMarked
package dev.rackhouse.rehearsal;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
