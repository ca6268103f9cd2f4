package dev.rackhouse.inference.fit;

import java.util.List;

/** Whether a model fits in a place, and what would make it fit. */
public sealed interface Fit {

    /**
     * It fits as asked.
     *
     * @param notes what the operator should know all the same
     */
    record Fits(MemoryPlan plan, List<String> notes) implements Fit {
        public Fits {
            notes = List.copyOf(notes);
        }
    }

    /**
     * It fits in the same place with the same files, if the profile changes.
     *
     * @param reasons why not as asked
     * @param ways each enough by itself, the gentlest first; at least one
     */
    record FitsWithChanges(List<String> reasons, List<Way> ways) implements Fit {
        public FitsWithChanges {
            reasons = List.copyOf(reasons);
            ways = List.copyOf(ways);
            if (ways.isEmpty()) {
                throw new IllegalArgumentException("without a way it does not fit");
            }
        }
    }

    /**
     * It does not fit, whatever the profile.
     *
     * @param plan how far off it is
     * @param remedies what outside of the profile would make it fit; may be empty
     */
    record DoesNotFit(List<String> reasons, MemoryPlan plan, List<Remedy> remedies) implements Fit {
        public DoesNotFit {
            reasons = List.copyOf(reasons);
            remedies = List.copyOf(remedies);
        }
    }

    /** Changes that together make it fit, and how it stands then. */
    record Way(List<Change> changes, MemoryPlan plan) {
        public Way {
            changes = List.copyOf(changes);
        }
    }

    /** The plan to show: as asked, of the gentlest way, or the one that fails. */
    default MemoryPlan shown() {
        return switch (this) {
            case Fits f -> f.plan();
            case FitsWithChanges f -> f.ways().getFirst().plan();
            case DoesNotFit f -> f.plan();
        };
    }
}
