/** Giving PCI devices to guests: readiness, the plan, and the runbook that creates a passthrough VM. */
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
            "guest"
        })
@NullMarked
package dev.rackhouse.passthrough;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
