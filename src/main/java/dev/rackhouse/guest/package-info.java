/** Power of guests: start, shut down, stop, as previewed runs. */
@ApplicationModule(
        allowedDependencies = {
            "base",
            "base :: ui",
            "access",
            "proxmox",
            "lab",
            "runbook",
            "runbook :: ui",
            "inventory",
            "inventory :: fact"
        })
@NullMarked
package dev.rackhouse.guest;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
