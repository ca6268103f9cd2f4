package dev.rackhouse.simulator.world;

/**
 * How a command ended that the guest agent ran.
 *
 * @param exitCode exit code of the command in the guest
 * @param output what it wrote to its standard output
 * @param errors what it wrote to its standard error
 */
public record AgentAnswer(int exitCode, String output, String errors) {}
