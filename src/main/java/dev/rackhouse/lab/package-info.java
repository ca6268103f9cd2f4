/** What an admin connected: endpoints, credentials, pins, call budgets. Hands out connections. */
@ApplicationModule(allowedDependencies = {"base", "base :: ui", "access", "proxmox", "ssh"})
@NullMarked
package dev.rackhouse.lab;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
