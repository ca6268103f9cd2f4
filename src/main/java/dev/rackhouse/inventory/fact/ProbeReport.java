package dev.rackhouse.inventory.fact;

/**
 * What came back from the probe: either facts, or nothing. A report that was cut off is discarded whole, so that the last complete
 * facts stay; half a host would look like a host that lost half its devices.
 */
public sealed interface ProbeReport {

    /** All records arrived. */
    record Complete(HostFacts facts) implements ProbeReport {}

    /**
     * Nothing of it may be used.
     *
     * @param reason what is wrong with it
     * @param sentence the same for a person
     */
    record Discarded(Reason reason, String sentence) implements ProbeReport {}

    /** Why a report is discarded. */
    enum Reason {
        EMPTY,
        NO_BEGIN,
        OTHER_FORMAT,
        TRUNCATED,
        COUNT_DIFFERS,
        TOO_LARGE
    }

    /**
     * Reads output format 1. Unknown tags, fields and keys are ignored, text before the first record too (a login message). Pure;
     * bounded by {@value ProbeParser#MAX_CHARACTERS} characters.
     */
    static ProbeReport parse(String output) {
        return ProbeParser.parse(output);
    }
}
