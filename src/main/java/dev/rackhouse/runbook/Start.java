package dev.rackhouse.runbook;

/** What came of asking for a run. */
public sealed interface Start {

    record Started(RunId run) implements Start {}

    /**
     * Another run holds something that this one needs.
     *
     * @param lock the name, see {@link Locks}
     * @param holder the run that holds it
     */
    record Held(String lock, RunId holder, String holderTitle, String holderOperator) implements Start {

        /** A sentence for the operator. */
        public String sentence() {
            return "Run %s of %s (%s) is at work on the same thing (%s). Wait until it has ended, or stop it first."
                    .formatted(holder, holderOperator, holderTitle, lock);
        }
    }
}
