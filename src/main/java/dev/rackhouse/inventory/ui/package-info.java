/** Screens of what exists: nodes, devices by IOMMU group, GPUs, guests, networks, storage, changes. */
@NullMarked
package dev.rackhouse.inventory.ui;

import org.jspecify.annotations.NullMarked;
