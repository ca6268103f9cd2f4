package dev.rackhouse.access;

/**
 * The record of who did what. Written by whoever acts, in the transaction in which the act is stored: when that is rolled back,
 * nothing was done and nothing is recorded.
 */
@FunctionalInterface
public interface Audit {

    /**
     * Adds an entry to the chain at the end of the caller's transaction, or at once in one of its own when there is none. Never pass
     * secrets. Long texts are cut: {@code what} and {@code target} at 500 characters, {@code detail} at 8,000.
     *
     * @param what the act as a past participle with its noun: {@code lab connected}
     * @param target what it was done to: {@code lab targaryen}; may be empty
     * @param detail what else the reader wants to know; may be empty
     */
    void record(Operator who, String what, String target, String detail);
}
