package dev.rackhouse.passthrough;

import java.util.List;
import java.util.stream.Stream;

/**
 * Whether something can be planned now.
 *
 * @param <P> the plan
 */
public sealed interface PlanReadiness<P> {

    /** All that the checks found, blockers first. */
    List<Finding> findings();

    /** It can: nothing blocks, every warning is ticked. */
    record Ready<P>(P plan, List<Finding> findings) implements PlanReadiness<P> {
        public Ready {
            findings = List.copyOf(findings);
        }
    }

    /**
     * It cannot.
     *
     * @param problems what is wrong or missing among the inputs, in sentences
     * @param toConfirm warnings that nobody has ticked yet
     */
    record Blocked<P>(List<String> problems, List<Finding> findings, List<Finding> toConfirm)
            implements PlanReadiness<P> {
        public Blocked {
            problems = List.copyOf(problems);
            findings = List.copyOf(findings);
            toConfirm = List.copyOf(toConfirm);
        }

        /** Everything that must go away, in sentences. */
        public List<String> blockers() {
            return Stream.concat(
                            problems.stream(),
                            findings.stream().filter(Finding::blocks).map(Finding::text))
                    .toList();
        }
    }
}
