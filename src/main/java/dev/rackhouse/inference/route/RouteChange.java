package dev.rackhouse.inference.route;

import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command;

/**
 * One change of a router with its proof and its way back.
 *
 * @param key stable: {@code drain-qwen2.5-7b}
 * @param title for the operator: {@code Let qwen2.5-7b drain at thor-router}
 * @param isSo read back from the router
 * @param back puts back what was recorded
 * @param isBack read back from the router
 */
public record RouteChange(
        String key, String title, Command command, Check isSo, String backTitle, Command back, Check isBack) {}
