package dev.rackhouse.inference.fit;

import java.util.List;

/**
 * One profile's arithmetic in one place.
 *
 * @param fits the memory is enough, start and cache
 * @param shortage what is missing, as a sentence; empty when it fits
 * @param obstacles what no profile can change
 * @param needed changes without which the engine does not start there, whatever the memory
 * @param candidates changes to try, each list alone, the gentlest first
 */
record Account(
        MemoryPlan plan,
        boolean fits,
        String shortage,
        List<String> obstacles,
        List<Change> needed,
        List<List<Change>> candidates,
        List<Remedy> remedies,
        List<String> notes) {

    Account {
        obstacles = List.copyOf(obstacles);
        needed = List.copyOf(needed);
        candidates = List.copyOf(candidates);
        remedies = List.copyOf(remedies);
        notes = List.copyOf(notes);
    }
}
