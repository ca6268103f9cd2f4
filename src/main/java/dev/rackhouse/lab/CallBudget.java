package dev.rackhouse.lab;

import dev.rackhouse.proxmox.CallMeter;

/**
 * How much a lab's Proxmox endpoint is asked, by this console.
 *
 * @param lastMinute the 60 seconds up to now
 * @param lastHour the last 60 minutes
 * @param total since the console started
 */
public record CallBudget(CallMeter.Count lastMinute, CallMeter.Count lastHour, long total) {}
