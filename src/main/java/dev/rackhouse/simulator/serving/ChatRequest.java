package dev.rackhouse.simulator.serving;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;

/**
 * A request for text in the form of OpenAI's API, and what a pretend model says to it. The text does not depend on chance, only on the
 * question; a model that is asked for one word says that word.
 *
 * @param wanted longest answer, 0: not limited
 */
record ChatRequest(
        String model, String text, int promptTokens, int wanted, boolean stream, boolean usage, boolean endless) {
    private static final List<String> WORDS = List.of(
            ("a rack is a quiet place where many small machines do one thing each and do it well so that nobody has to think about"
                            + " them at night and the morning finds every light green")
                    .split(" "));

    static ChatRequest of(JsonNode body) {
        StringBuilder text = new StringBuilder();
        body.path("messages").valueStream().forEach(message -> {
            JsonNode content = message.path("content");
            if (content.isArray()) {
                content.valueStream()
                        .forEach(part ->
                                text.append(part.path("text").asString("")).append(' '));
            } else {
                text.append(content.asString("")).append(' ');
            }
        });
        text.append(body.path("prompt").asString(""));
        int most =
                body.path("max_completion_tokens").asInt(body.path("max_tokens").asInt(0));
        String asked = text.toString().strip();
        return new ChatRequest(
                body.path("model").asString(""),
                asked,
                26 + tokens(asked),
                most,
                body.path("stream").asBoolean(false),
                body.path("stream_options").path("include_usage").asBoolean(false),
                body.path("ignore_eos").asBoolean(false));
    }

    /** About how many tokens a text has. */
    static int tokens(String text) {
        return text.isBlank() ? 0 : Math.max(1, text.length() / 4);
    }

    /** How many tokens the model says. */
    int answerTokens() {
        if (oneWord()) {
            return wanted == 0 ? 2 : Math.min(wanted, 2);
        }
        int natural = endless && wanted > 0 ? wanted : 60 + Math.floorMod(text.hashCode(), 200);
        return wanted == 0 ? natural : Math.min(wanted, natural);
    }

    /** Why it ends there. */
    String finish() {
        boolean cut = wanted > 0 && answerTokens() >= wanted && !(oneWord() && wanted >= 2);
        return cut ? "length" : "stop";
    }

    private boolean oneWord() {
        return text.contains("single word: ready");
    }

    /** Words number from (counted from 0) to the one before to. */
    String words(int from, int to) {
        if (oneWord()) {
            return from == 0 ? "ready" : "";
        }
        StringBuilder said = new StringBuilder();
        int start = Math.floorMod(text.hashCode(), WORDS.size());
        for (int i = from; i < to; i++) {
            said.append(i == 0 ? "" : " ").append(WORDS.get((start + i) % WORDS.size()));
        }
        return said.toString();
    }

    static String id(String kind) {
        return kind + "-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    }
}
