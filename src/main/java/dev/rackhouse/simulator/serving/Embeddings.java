package dev.rackhouse.simulator.serving;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/** A request for vectors in the form of OpenAI's API, and the vectors: the same text has the same one. */
record Embeddings(List<String> texts) {
    private static final int DIMENSIONS = 768;

    static Embeddings of(JsonNode body) {
        JsonNode input = body.path("input");
        return new Embeddings(
                input.isArray()
                        ? input.valueStream().map(one -> one.asString("")).toList()
                        : List.of(input.asString("")));
    }

    int tokens() {
        return texts.stream().mapToInt(ChatRequest::tokens).sum();
    }

    Map<String, Object> answer(String model) {
        List<Object> rows = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            rows.add(Map.of("object", "embedding", "index", i, "embedding", vector(texts.get(i))));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("model", model);
        answer.put("object", "list");
        answer.put("usage", Map.of("prompt_tokens", tokens(), "total_tokens", tokens()));
        answer.put("data", rows);
        return answer;
    }

    /** Of length one. */
    static List<Double> vector(String text) {
        double[] raw = new Random(text.hashCode()).doubles(DIMENSIONS, -1, 1).toArray();
        double length = Math.sqrt(Arrays.stream(raw).map(x -> x * x).sum());
        return Arrays.stream(raw).mapToObj(x -> x / length).toList();
    }
}
