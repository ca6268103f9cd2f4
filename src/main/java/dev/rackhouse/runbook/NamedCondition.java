package dev.rackhouse.runbook;

import java.util.Map;

/**
 * A pure function behind the name of a {@link Condition}; contributed as a bean. Names are for ever: stored runs hold them.
 */
public interface NamedCondition {

    /** Unique; words joined by hyphens: {@code guest-sees-devices}. */
    String name();

    /**
     * Judges one answer. Looks at nothing else, never blocks, never throws for what a machine may answer.
     *
     * @param arguments with placeholders filled in
     */
    Judgement judge(Map<String, String> arguments, Answer answer);

    /** What a condition judges by: {@link NamedCondition#judge} without its name. */
    @FunctionalInterface
    interface Judge {
        Judgement judge(Map<String, String> arguments, Answer answer);
    }

    /** A condition of this name that judges so. */
    static NamedCondition of(String name, Judge judge) {
        return new NamedCondition() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Judgement judge(Map<String, String> arguments, Answer answer) {
                return judge.judge(arguments, answer);
            }
        };
    }
}
