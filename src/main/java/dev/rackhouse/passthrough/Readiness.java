package dev.rackhouse.passthrough;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a draft can become a VM now. */
public sealed interface Readiness {

    /** All that the checks found, blockers first. */
    List<Finding> findings();

    /** It can: every blocker is gone, every input is good, every warning is ticked. */
    record Ready(PassthroughPlan plan, List<Finding> findings) implements Readiness {
        public Ready {
            findings = List.copyOf(findings);
        }
    }

    /**
     * It cannot.
     *
     * @param problems inputs that are wrong or missing
     * @param toConfirm warnings that nobody has ticked yet
     */
    record Blocked(List<Problem> problems, List<Finding> findings, List<Finding> toConfirm) implements Readiness {
        public Blocked {
            problems = List.copyOf(problems);
            findings = List.copyOf(findings);
            toConfirm = List.copyOf(toConfirm);
        }

        /** Everything that must go away, in sentences: problems of inputs and blocking findings. */
        public List<String> blockers() {
            return Stream.concat(
                            problems.stream().map(Problem::text),
                            findings.stream().filter(Finding::blocks).map(Finding::text))
                    .distinct()
                    .toList();
        }
    }

    /** Something wrong with one input; the text says what would be right. */
    record Problem(PassthroughDraft.Field field, String text) {}

    /** The first problem of an input; empty when it is good. */
    default Optional<String> problem(PassthroughDraft.Field field) {
        return switch (this) {
            case Ready _ -> Optional.empty();
            case Blocked blocked ->
                blocked.problems().stream()
                        .filter(p -> p.field() == field)
                        .map(Problem::text)
                        .findFirst();
        };
    }
}
