package dev.rackhouse.base.ui;

import java.util.List;

/** A place that the search palette asks. Modules contribute theirs as beans. */
public interface SearchSource {

    /** Places from top to bottom. */
    default int order() {
        return 100;
    }

    /**
     * The best matches first. Must answer from what is stored; never asks a machine.
     *
     * @param query what was typed, trimmed; empty asks for suggestions
     * @param limit at most so many
     */
    List<SearchHit> search(String query, int limit);
}
