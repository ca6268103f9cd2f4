package dev.rackhouse.runbook;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** All named conditions that this version knows. */
final class Judges {

    private final Map<String, NamedCondition> byName = new TreeMap<>();

    /** @param contributed beside the generic ones; a name that stands twice is a mistake of ours and stops the start */
    Judges(Collection<NamedCondition> contributed) {
        GenericConditions.all().forEach(this::add);
        contributed.forEach(this::add);
    }

    private void add(NamedCondition condition) {
        if (byName.put(condition.name(), condition) != null) {
            throw new IllegalStateException("Two conditions are named '" + condition.name() + "'");
        }
    }

    Set<String> names() {
        return Set.copyOf(byName.keySet());
    }

    /** All must hold; the first that does not decides. */
    Judgement judge(Check check, Answer answer) {
        StringBuilder because = new StringBuilder();
        for (Condition condition : check.all()) {
            NamedCondition judge = byName.get(condition.name());
            if (judge == null) {
                return Judgement.unknown("this version of the console does not know the condition " + condition.name());
            }
            Judgement judgement = judge.judge(condition.arguments(), answer);
            if (!judgement.holds()) {
                return judgement;
            }
            because.append(because.isEmpty() ? "" : "; ").append(judgement.because());
        }
        return Judgement.holds(because.toString());
    }
}
