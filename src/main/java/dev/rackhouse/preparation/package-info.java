/** Making a host ready for passthrough, with the least that is needed, and giving devices back to it. */
@ApplicationModule(
        allowedDependencies = {
            "base",
            "base :: ui",
            "access",
            "proxmox",
            "ssh",
            "lab",
            "runbook",
            "runbook :: ui",
            "inventory",
            "inventory :: fact",
            "guest",
            "passthrough",
            "passthrough :: ui"
        })
@NullMarked
package dev.rackhouse.preparation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
