package dev.rackhouse.simulator.pve;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The parameter check says what the real server says. */
class ValidatorTest {
    private final Validator validator = new Validator(CallTable.packed(), 9);

    @Test
    void givesTheVerdictAndTheTextsOfTheRealServer() throws Exception {
        List<String> different = new ArrayList<>();
        int checked = 0;
        try (var in = getClass().getResourceAsStream("/dev/rackhouse/simulator/conformance/vectors.json")) {
            for (JsonNode vector : JsonMapper.shared().readTree(in).get("vectors")) {
                String path = vector.get("path").asString();
                CallTable.Match match = CallTable.packed()
                        .find(
                                vector.get("method").asString(),
                                List.of(path.substring(1).split("/")),
                                9);
                if (match == null) {
                    continue;
                }
                checked++;
                Map<String, Object> values = new LinkedHashMap<>();
                vector.get("params").forEachEntry((name, value) -> values.put(name, value(value)));
                values.putAll(match.variables());
                Validator.normalise(match.call(), values);
                Map<String, String> found = validator.check(match.call(), values);
                Map<String, String> expected = new LinkedHashMap<>();
                if (vector.has("errors")) {
                    vector.get("errors").forEachEntry((name, text) -> expected.put(name, text.asString()));
                }
                if (!sorted(found).equals(sorted(expected))) {
                    different.add(match.call().key() + " " + vector.get("params") + "\n  expected " + expected
                            + "\n  found    " + found);
                }
            }
        }
        assertTrue(checked > 350, "only " + checked + " vectors");
        assertTrue(different.isEmpty(), different.size() + " of " + checked + "\n" + String.join("\n", different));
    }

    private static Map<String, List<String>> sorted(Map<String, String> errors) {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        errors.forEach((name, text) ->
                lines.put(name, Arrays.stream(text.split("\n", -1)).sorted().toList()));
        return lines;
    }

    static Object value(JsonNode value) {
        if (value.isArray()) {
            List<Object> items = new ArrayList<>();
            value.forEach(item -> items.add(value(item)));
            return items;
        }
        if (value.isObject()) {
            return value.get("repeat").asString().repeat(value.get("times").asInt());
        }
        if (value.isBoolean()) {
            return value.asBoolean() ? "1" : "0";
        }
        return value.asString();
    }
}
