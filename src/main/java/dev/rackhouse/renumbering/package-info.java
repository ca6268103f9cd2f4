/** The renumbering doctor: which devices moved since the last accepted layout, and the run that makes all names follow them. */
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
            "passthrough",
            "passthrough :: ui"
        })
@NullMarked
package dev.rackhouse.renumbering;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
