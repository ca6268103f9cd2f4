package dev.rackhouse.lab;

import dev.rackhouse.base.LabId;

/** A lab was connected. Published in the transaction that stores it. */
public record LabConnected(LabId lab) {}
