package dev.rackhouse.runbook;

import java.time.Instant;

/**
 * One line of a run's live log.
 *
 * @param number grows within the run
 * @param step from 1; 0: the run itself
 * @param source {@code run}, {@code task}, {@code output}
 */
public record RunLogLine(long number, Instant at, int step, String source, String text) {}
