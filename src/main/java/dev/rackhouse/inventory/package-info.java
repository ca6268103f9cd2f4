/** What exists, as it was last seen: nodes, devices, guests, networks, storage; discovery and the record of changes. */
@ApplicationModule(
        allowedDependencies = {"base", "base :: ui", "access", "proxmox", "ssh", "lab", "runbook", "runbook :: ui"})
@NullMarked
package dev.rackhouse.inventory;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
