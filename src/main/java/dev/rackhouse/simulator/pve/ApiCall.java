package dev.rackhouse.simulator.pve;

import java.util.List;
import java.util.Map;

/**
 * One call of the API as the table has it.
 *
 * @param path template with {@code {name}} for variables
 * @param right rule that is checked before the parameters
 * @param parameters by name, path variables included; {@code net[n]} is spread out
 * @param proxied whether it is executed on the node in its path
 * @param since major version that knows the call first, 0 for all
 * @param open whether unknown parameters are let through
 */
record ApiCall(
        String method,
        String path,
        List<String> segments,
        Right right,
        Map<String, Param> parameters,
        boolean proxied,
        boolean tokenAllowed,
        boolean open,
        int since) {

    String key() {
        return method + " " + path;
    }
}
