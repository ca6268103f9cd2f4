package dev.rackhouse.lab;

import dev.rackhouse.base.LabId;

/** How a lab is reached has changed, or it was paused or resumed. Published in the transaction that stores it. */
public record LabChanged(LabId lab) {}
