package dev.rackhouse.runbook;

/**
 * Where a console may die while it works on an effect. Rehearsals throw an {@link Error} from here to play that, or a
 * {@link dev.rackhouse.base.RemoteFailure} to play a machine that says no or does not answer; in production nothing happens.
 */
@FunctionalInterface
public interface CrashPoints {

    /** The named points, in order. */
    enum Point {
        /** The intent is stored, nothing has left. */
        BEFORE_SEND("before send"),
        /** The machine has done it, we have not stored that. */
        SENT_NOT_STORED("sent but not stored"),
        /** It is stored, what comes next has not begun. */
        STORED("stored"),
        /** The proof is about to be looked at. */
        PROVING("proving");

        private final String words;

        Point(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /**
     * @param step from 1
     * @param part 0: the step's command; from 1: its undos
     */
    void at(Point point, RunId run, int step, int part);

    static CrashPoints none() {
        return (_, _, _, _) -> {};
    }
}
