package dev.rackhouse.inference.deploy;

import java.util.List;

/** Whether what runs can be replaced by what is wanted, with all that was found on the way, heaviest first. */
public sealed interface UpdateReadiness {

    List<Finding> findings();

    record Ready(UpdatePlan plan, List<Finding> findings) implements UpdateReadiness {
        public Ready {
            findings = List.copyOf(findings);
        }
    }

    record Blocked(List<Finding> findings) implements UpdateReadiness {
        public Blocked {
            findings = List.copyOf(findings);
        }
    }
}
