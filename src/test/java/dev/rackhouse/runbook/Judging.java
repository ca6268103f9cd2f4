package dev.rackhouse.runbook;

import java.util.Collection;

/** Judges answers as a run does, for tests of what a module contributes to runs. */
public final class Judging {

    private Judging() {}

    /** @param conditions contributed beside the generic ones */
    public static Judgement of(Check check, Answer answer, Collection<NamedCondition> conditions) {
        return new Judges(conditions).judge(check, answer);
    }
}
