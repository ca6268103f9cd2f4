/** The Proxmox VE API in its own words. Endpoint and token come in as values; knows no database and no screen. */
@ApplicationModule(allowedDependencies = {"base"})
@NullMarked
package dev.rackhouse.proxmox;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
