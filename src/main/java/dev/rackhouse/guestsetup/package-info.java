/** What a guest needs to compute on its GPUs: driver, container engine, container toolkit, persistence, a power limit. */
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
            "inventory :: fact"
        })
@NullMarked
package dev.rackhouse.guestsetup;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
