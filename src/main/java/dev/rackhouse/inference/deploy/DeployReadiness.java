package dev.rackhouse.inference.deploy;

import java.util.List;

/** Whether a deployment can be put into place, with all that was found on the way, heaviest first. */
public sealed interface DeployReadiness {

    List<Finding> findings();

    record Ready(DeployPlan plan, List<Finding> findings) implements DeployReadiness {
        public Ready {
            findings = List.copyOf(findings);
        }
    }

    record Blocked(List<Finding> findings) implements DeployReadiness {
        public Blocked {
            findings = List.copyOf(findings);
        }
    }
}
