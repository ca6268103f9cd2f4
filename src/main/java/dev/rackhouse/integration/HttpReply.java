package dev.rackhouse.integration;

/**
 * A whole answer, whatever its status.
 *
 * @param status 200 to 599
 * @param text the body as UTF-8, bounded; empty when there was none
 * @param truncated whether the body was longer; the rest was not read
 */
public record HttpReply(int status, String text, boolean truncated) {}
