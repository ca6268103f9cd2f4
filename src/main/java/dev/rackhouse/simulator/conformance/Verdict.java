package dev.rackhouse.simulator.conformance;

/** How well an answer fits what was seen. */
enum Verdict {
    /** Same status, reason, texts, keys, types and values, apart from values born at run time. */
    EXACT,
    /** Same status, reason, texts, keys and types; some values differ. */
    SHAPE,
    /** Something else. */
    DEVIATING,
    /** A call that the simulator does not offer. */
    UNUSED;

    Verdict and(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
