package dev.rackhouse.runbook;

/** A run came to an end: done, undone, or left as it is. Published after the commit, by the console that executed it. */
public record RunFinished(RunId run, String runbook, String title, String target, String operator, RunState state) {}
