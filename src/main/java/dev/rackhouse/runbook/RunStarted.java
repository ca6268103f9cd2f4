package dev.rackhouse.runbook;

/** A run was stored and will be executed. Published after the commit. */
public record RunStarted(RunId run, String runbook, String title, String target, String operator) {}
