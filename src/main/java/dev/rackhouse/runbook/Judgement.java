package dev.rackhouse.runbook;

/**
 * What a condition says about an answer.
 *
 * @param because a sentence for a person, also when it holds: {@code status is running}
 */
public record Judgement(Standing standing, String because) {

    /** Not so and cannot be told are different: an answer 403 does not prove that something is gone. */
    public enum Standing {
        HOLDS,
        FAILS,
        UNKNOWN
    }

    public static Judgement holds(String because) {
        return new Judgement(Standing.HOLDS, because);
    }

    public static Judgement fails(String because) {
        return new Judgement(Standing.FAILS, because);
    }

    public static Judgement unknown(String because) {
        return new Judgement(Standing.UNKNOWN, because);
    }

    public static Judgement of(boolean holds, String because) {
        return new Judgement(holds ? Standing.HOLDS : Standing.FAILS, because);
    }

    public boolean holds() {
        return standing == Standing.HOLDS;
    }
}
