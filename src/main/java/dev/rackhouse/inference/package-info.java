/** Models and the engines that serve them: what is deployed where, whether it fits, how it really stands. */
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
            "inventory :: fact",
            "guest",
            "guestsetup",
            "guestsetup :: ui"
        })
@NullMarked
package dev.rackhouse.inference;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
