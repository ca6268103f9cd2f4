package dev.rackhouse.preparation;

import dev.rackhouse.passthrough.Finding;
import java.util.List;

/** Whether, and with which plan, a host can be prepared as wished. */
public sealed interface PreparationReadiness {

    /** The check that must be ticked, and typed as well: the host carries the console itself, or what it needs. */
    String CARRIES_CONSOLE = "reboot.carries-console";

    /** What stands in the way, what must be ticked, what is good to know. */
    List<Finding> findings();

    /**
     * Nothing has to be changed on the host.
     *
     * @param why a sentence
     */
    record NotNeeded(String why, List<Finding> findings) implements PreparationReadiness {
        public NotNeeded {
            findings = List.copyOf(findings);
        }
    }

    record Ready(PreparationPlan plan, List<Finding> findings) implements PreparationReadiness {
        public Ready {
            findings = List.copyOf(findings);
        }
    }

    /**
     * Not as it is.
     *
     * @param toConfirm warnings that nobody has ticked yet
     */
    record Blocked(List<Finding> findings, List<Finding> toConfirm) implements PreparationReadiness {
        public Blocked {
            findings = List.copyOf(findings);
            toConfirm = List.copyOf(toConfirm);
        }

        /** What must go away first, in sentences. */
        public List<String> blockers() {
            return findings.stream().filter(Finding::blocks).map(Finding::text).toList();
        }
    }
}
