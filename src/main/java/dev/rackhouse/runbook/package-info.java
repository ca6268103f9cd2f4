/** Actions as data: outlines, commands, durable runs with evidence and locks, and the executor that carries them on. */
@ApplicationModule(
        allowedDependencies = {
            "base",
            "base :: ui",
            "access",
            "proxmox",
            "ssh",
            "lab",
            "integration",
            "integration :: docker"
        })
@NullMarked
package dev.rackhouse.runbook;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
