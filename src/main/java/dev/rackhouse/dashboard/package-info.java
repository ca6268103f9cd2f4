/** The whole rack on one page. */
@ApplicationModule(
        allowedDependencies = {
            "base",
            "base :: ui",
            "access",
            "lab",
            "runbook",
            "runbook :: ui",
            "inventory",
            "inventory :: fact",
            "guest",
            "passthrough",
            "inference",
            "inference :: health",
            "inference :: live",
            "inference :: ui"
        })
@NullMarked
package dev.rackhouse.dashboard;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
