package dev.rackhouse.runbook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What is behind {@link Conditions}. */
final class GenericConditions {

    private GenericConditions() {}

    static List<NamedCondition> all() {
        return List.of(
                NamedCondition.of("succeeded", (_, answer) -> Judgement.of(answer.succeeded(), said(answer))),
                NamedCondition.of(
                        "status-is",
                        (a, answer) -> Judgement.of(
                                Integer.toString(answer.status()).equals(need(a, "status")), said(answer))),
                NamedCondition.of("absent", (_, answer) -> absent(answer)),
                json("json-equals", GenericConditions::jsonEquals),
                json("json-contains", GenericConditions::jsonContains),
                json("json-matches", GenericConditions::jsonMatches),
                json(
                        "json-absent",
                        (a, answer) -> found(a, answer)
                                .map(node -> Judgement.fails(at(a) + " is " + shown(node)))
                                .orElseGet(() -> Judgement.holds(at(a) + " is not set"))),
                json(
                        "json-present",
                        (a, answer) -> found(a, answer)
                                .map(node -> Judgement.holds(at(a) + " is " + shown(node)))
                                .orElseGet(() -> Judgement.fails(at(a) + " is not set"))),
                json("list-has", (a, answer) -> list(a, answer, true)),
                json("list-lacks", (a, answer) -> list(a, answer, false)),
                json("words-have", GenericConditions::wordsHave),
                json("property-equals", GenericConditions::propertyEquals),
                json("task-succeeded", GenericConditions::taskSucceeded),
                output(
                        "output-equals",
                        (a, out) -> out.strip().equals(need(a, "text").strip())),
                output(
                        "output-has-lines",
                        (a, out) -> out.lines()
                                .map(String::strip)
                                .toList()
                                .containsAll(need(a, "lines")
                                        .lines()
                                        .map(String::strip)
                                        .filter(l -> !l.isEmpty())
                                        .toList())),
                output("output-contains", (a, out) -> out.contains(need(a, "text"))),
                output("output-lacks", (a, out) -> !out.contains(need(a, "text"))),
                output(
                        "output-matches",
                        (a, out) -> Pattern.compile(need(a, "regex"), Pattern.MULTILINE)
                                .matcher(out)
                                .find()));
    }

    /** Judges JSON only when there is some: "not there" fails, other refusals leave it unknown. */
    private static NamedCondition json(String name, NamedCondition.Judge judge) {
        return NamedCondition.of(name, (arguments, answer) -> {
            if (answer.succeeded()) {
                return answer.json().isPresent()
                        ? judge.judge(arguments, answer)
                        : Judgement.unknown("the answer is no JSON");
            }
            return answer.saysAbsent() ? Judgement.fails(said(answer)) : Judgement.unknown(said(answer));
        });
    }

    private interface OutputJudge {
        boolean holds(Map<String, String> arguments, String output);
    }

    /** A script that failed says nothing about what it would have printed; "not reached" is its own failure. */
    private static NamedCondition output(String name, OutputJudge judge) {
        return NamedCondition.of(
                name,
                (arguments, answer) -> answer.succeeded()
                        ? Judgement.of(
                                judge.holds(arguments, answer.text()),
                                answer.text().isBlank() ? "it printed nothing" : "it printed " + quoted(answer.text()))
                        : Judgement.fails(said(answer)));
    }

    private static Judgement absent(Answer answer) {
        if (answer.saysAbsent()) {
            return Judgement.holds(
                    answer.error().isBlank()
                            ? "it is not there"
                            : answer.error().strip());
        }
        return answer.succeeded() ? Judgement.fails("it is there") : Judgement.unknown(said(answer));
    }

    private static Judgement jsonEquals(Map<String, String> a, Answer answer) {
        Optional<JsonNode> node = found(a, answer);
        return node.map(n -> Judgement.of(same(n, need(a, "value")), at(a) + " is " + shown(n)))
                .orElseGet(() -> Judgement.fails(at(a) + " is not set"));
    }

    private static Judgement jsonContains(Map<String, String> a, Answer answer) {
        Optional<JsonNode> node = found(a, answer);
        return node.map(n -> Judgement.of(contains(n, need(a, "value")), at(a) + " is " + shown(n)))
                .orElseGet(() -> Judgement.fails(at(a) + " is not set"));
    }

    private static boolean contains(JsonNode node, String value) {
        if (!node.isArray()) {
            return Answer.plain(node).contains(value);
        }
        for (JsonNode element : node) {
            if (same(element, value)) {
                return true;
            }
        }
        return false;
    }

    private static Judgement jsonMatches(Map<String, String> a, Answer answer) {
        Optional<JsonNode> node = found(a, answer);
        return node.map(n -> Judgement.of(Answer.plain(n).matches(need(a, "regex")), at(a) + " is " + shown(n)))
                .orElseGet(() -> Judgement.fails(at(a) + " is not set"));
    }

    private static Judgement list(Map<String, String> a, Answer answer, boolean wanted) {
        String key = need(a, "key");
        String value = need(a, "value");
        JsonNode list = found(a, answer).orElse(null);
        boolean has = false;
        if (list != null) {
            for (JsonNode row : list) {
                has |= row.has(key) && same(row.get(key), value);
            }
        }
        return Judgement.of(has == wanted, (has ? "one has " : "none has ") + key + " " + value);
    }

    private static Judgement wordsHave(Map<String, String> a, Answer answer) {
        String words = found(a, answer).map(Answer::plain).orElse("");
        boolean has = Arrays.asList(words.split("[;,\\s]+")).contains(need(a, "word"));
        return Judgement.of(has, words.isBlank() ? at(a) + " is not set" : at(a) + " is " + quoted(words));
    }

    private static Judgement propertyEquals(Map<String, String> a, Answer answer) {
        String key = need(a, "key");
        String text = found(a, answer).map(Answer::plain).orElse("");
        List<String> values = new ArrayList<>();
        for (String part : text.split(",")) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? "" : part.substring(0, equals).strip();
            if (name.equals(key)) {
                values.add(part.substring(equals + 1).strip());
            }
        }
        return Judgement.of(
                values.contains(need(a, "value")),
                text.isBlank() ? at(a) + " is not set" : at(a) + " is " + quoted(text));
    }

    private static Judgement taskSucceeded(Map<String, String> ignored, Answer answer) {
        String status = answer.textAt("/status").orElse("");
        String exit = answer.textAt("/exitstatus").orElse("");
        if (!status.equals("stopped")) {
            return Judgement.fails("the task is " + (status.isEmpty() ? "unknown" : status));
        }
        return Judgement.of(exit.equals("OK") || exit.startsWith("WARNINGS"), "the task ended with " + quoted(exit));
    }

    private static Optional<JsonNode> found(Map<String, String> a, Answer answer) {
        return answer.at(a.getOrDefault("pointer", ""));
    }

    private static String at(Map<String, String> a) {
        String pointer = a.getOrDefault("pointer", "");
        return pointer.isEmpty() ? "the answer" : pointer.substring(1).replace('/', '.');
    }

    private static boolean same(JsonNode node, String value) {
        String text = Answer.plain(node);
        return text.equals(value) || node.isBoolean() && value.equals(node.asBoolean() ? "1" : "0");
    }

    private static String need(Map<String, String> arguments, String name) {
        return arguments.getOrDefault(name, "");
    }

    private static String shown(JsonNode node) {
        return quoted(Answer.plain(node));
    }

    private static String quoted(String text) {
        String line = Redaction.oneLine(text);
        return "'" + (line.length() > 160 ? line.substring(0, 160) + "..." : line) + "'";
    }

    static String said(Answer answer) {
        String what = answer.error().isBlank() ? "" : ": " + Redaction.oneLine(answer.error());
        String bounded = what.length() > 300 ? what.substring(0, 300) + "..." : what;
        return switch (answer.kind()) {
            case API ->
                answer.succeeded() ? "answered " + answer.status() : "refused with " + answer.status() + bounded;
            case SERVICE -> "answered " + answer.status() + bounded;
            case SHELL -> "exit code " + answer.status() + bounded;
            case FILE -> answer.succeeded() ? "the file is there" : "the file is not there";
        };
    }
}
