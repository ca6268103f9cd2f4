package dev.rackhouse.passthrough;

import java.util.List;

/**
 * One check: a pure function from what it looks at to what it found. Nothing found is an empty list.
 *
 * @param <S> what it looks at
 */
@FunctionalInterface
interface Rule<S> {

    List<Finding> check(S subject);

    static <S> List<Finding> all(List<Rule<S>> rules, S subject) {
        return rules.stream().flatMap(rule -> rule.check(subject).stream()).toList();
    }

    static List<Finding> when(boolean found, java.util.function.Supplier<Finding> finding) {
        return found ? List.of(finding.get()) : List.of();
    }
}
