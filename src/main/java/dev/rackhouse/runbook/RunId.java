package dev.rackhouse.runbook;

/** The number of a run, from 1; unique in one console's database. */
public record RunId(long value) {

    public RunId {
        if (value < 1) {
            throw new IllegalArgumentException(value + " is no number of a run");
        }
    }

    /** @throws IllegalArgumentException when the text is no such number */
    public static RunId parse(String text) {
        return new RunId(Long.parseLong(text));
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
