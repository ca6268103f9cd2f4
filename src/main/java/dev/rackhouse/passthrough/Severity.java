package dev.rackhouse.passthrough;

/** How much a finding weighs. */
public enum Severity {
    /** Refuse. */
    BLOCKER("B"),
    /** A person must tick it; the tick is stored with the plan. */
    WARNING("W"),
    /** Good to know. */
    INFORMATION("I");

    private final String letter;

    Severity(String letter) {
        this.letter = letter;
    }

    public String letter() {
        return letter;
    }
}
