package dev.rackhouse.lab;

import dev.rackhouse.base.LabId;

/** A lab was removed; what was seen and done there stays as history. Published in the transaction that stores it. */
public record LabRemoved(LabId lab) {}
