package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;

/**
 * Facts of a lab changed, or how it can be reached did. Published on each replica of the console, on a background thread, some
 * seconds after the fact at most.
 */
public record InventoryRefreshed(LabId lab) {}
