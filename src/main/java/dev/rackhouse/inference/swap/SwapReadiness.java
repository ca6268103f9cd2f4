package dev.rackhouse.inference.swap;

import java.util.Comparator;
import java.util.List;

/** Whether a mode can be switched to now, with all that was found on the way. */
public sealed interface SwapReadiness {

    List<Finding> findings();

    /** @param findings those that weigh most first */
    record Ready(SwapPlan plan, List<Finding> findings) implements SwapReadiness {
        public Ready {
            findings = byWeight(findings);
        }
    }

    /** @param findings at least one of them blocks */
    record Blocked(List<Finding> findings) implements SwapReadiness {
        public Blocked {
            findings = byWeight(findings);
        }
    }

    private static List<Finding> byWeight(List<Finding> findings) {
        return findings.stream().sorted(Comparator.comparing(Finding::kind)).toList();
    }

    /** How much a finding weighs. */
    enum Kind {
        BLOCKS,
        WARNS,
        INFORMS
    }

    /**
     * @param fact what was found, a sentence
     * @param cause what follows from it, a sentence; empty: nothing more to say
     * @param fix what the reader can do, a sentence; empty: nothing
     */
    record Finding(Kind kind, String fact, String cause, String fix) {

        static Finding blocks(String fact, String cause, String fix) {
            return new Finding(Kind.BLOCKS, fact, cause, fix);
        }

        static Finding warns(String fact, String cause, String fix) {
            return new Finding(Kind.WARNS, fact, cause, fix);
        }

        static Finding informs(String fact, String cause) {
            return new Finding(Kind.INFORMS, fact, cause, "");
        }
    }
}
