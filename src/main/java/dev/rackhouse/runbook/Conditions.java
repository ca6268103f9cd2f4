package dev.rackhouse.runbook;

/**
 * Conditions that every runbook can use. Values are compared as text, so that 1, "1" and a flag are one thing; pointers are JSON
 * pointers into the answer's data. A refusal that says "not there" makes the JSON conditions fail; any other refusal leaves them
 * unknown.
 */
public final class Conditions {

    private Conditions() {}

    /** The API call was answered with 2xx; the script ended with 0; the file is there. */
    public static Condition succeeded() {
        return Condition.of("succeeded");
    }

    /** HTTP status or exit code. */
    public static Condition statusIs(int status) {
        return Condition.of("status-is", "status", Integer.toString(status));
    }

    /** The script ended with 0. */
    public static Condition exitZero() {
        return Condition.of("status-is", "status", "0");
    }

    /** The thing that was asked for is not there, in Proxmox's own words. */
    public static Condition absent() {
        return Condition.of("absent");
    }

    public static Condition jsonEquals(String pointer, Object value) {
        return Condition.of("json-equals", "pointer", pointer, "value", String.valueOf(value));
    }

    /** The text there contains this text, or the list there this element. */
    public static Condition jsonContains(String pointer, String value) {
        return Condition.of("json-contains", "pointer", pointer, "value", value);
    }

    /** The text there matches the regular expression as a whole. */
    public static Condition jsonMatches(String pointer, String regex) {
        return Condition.of("json-matches", "pointer", pointer, "regex", regex);
    }

    /** Nothing stands there, or null. */
    public static Condition jsonAbsent(String pointer) {
        return Condition.of("json-absent", "pointer", pointer);
    }

    public static Condition jsonPresent(String pointer) {
        return Condition.of("json-present", "pointer", pointer);
    }

    /** One row of the list there has this value under this key. */
    public static Condition listHas(String pointer, String key, Object value) {
        return Condition.of("list-has", "pointer", pointer, "key", key, "value", String.valueOf(value));
    }

    /** No row of the list there has this value under this key. */
    public static Condition listLacks(String pointer, String key, Object value) {
        return Condition.of("list-lacks", "pointer", pointer, "key", key, "value", String.valueOf(value));
    }

    /** The list of words there, separated by semicolons, commas or spaces, has this one: tags. */
    public static Condition wordsHave(String pointer, String word) {
        return Condition.of("words-have", "pointer", pointer, "word", word);
    }

    /** The property string there, {@code a=1,b=2}, has this value under this key; key {@code ""}: the part without key. */
    public static Condition propertyEquals(String pointer, String key, String value) {
        return Condition.of("property-equals", "pointer", pointer, "key", key, "value", value);
    }

    /** Standard output, without white space at its ends. */
    public static Condition outputEquals(String text) {
        return Condition.of("output-equals", "text", text);
    }

    /** Each of these lines (separated by line ends) is a line of standard output. */
    public static Condition outputHasLines(String lines) {
        return Condition.of("output-has-lines", "lines", lines);
    }

    public static Condition outputContains(String text) {
        return Condition.of("output-contains", "text", text);
    }

    public static Condition outputLacks(String text) {
        return Condition.of("output-lacks", "text", text);
    }

    /** The regular expression is found somewhere in standard output. */
    public static Condition outputMatches(String regex) {
        return Condition.of("output-matches", "regex", regex);
    }

    /** The status of a task: stopped, with OK or warnings. Read with GET .../tasks/{upid}/status. */
    public static Condition taskSucceeded() {
        return Condition.of("task-succeeded");
    }
}
