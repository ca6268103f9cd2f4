package dev.rackhouse.simulator.pve;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The parameter check alone, without a world behind it. */
public final class ParameterCheck {
    private static final Validator CURRENT = new Validator(CallTable.packed(), 9);

    private ParameterCheck() {}

    /**
     * Checks parameters (strings or lists of strings) of a call in 9.2.
     *
     * @param path after {@code /api2/json}, with values in place of variables
     * @return texts by parameter; empty when the simulator does not know the call
     */
    public static Optional<Map<String, String>> check(String method, String path, Map<String, Object> parameters) {
        CallTable.Match match = CallTable.packed().find(method, Engine.segments(path), 9);
        if (match == null) {
            return Optional.empty();
        }
        Map<String, Object> values = new LinkedHashMap<>(parameters);
        values.putAll(match.variables());
        Validator.normalise(match.call(), values);
        return Optional.of(CURRENT.check(match.call(), values));
    }

    /** Whether the simulator answers this call. */
    public static boolean knows(String method, String path) {
        return CallTable.packed().find(method, Engine.segments(path), 9) != null;
    }
}
