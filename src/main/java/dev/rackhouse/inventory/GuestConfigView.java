package dev.rackhouse.inventory;

import dev.rackhouse.base.Seen;
import java.util.SortedMap;

/** A guest's configuration as last read, its current section; passwords stand as {@code (set)}. */
public record GuestConfigView(SortedMap<String, String> values, Seen seen) {

    public GuestConfigView {
        values = java.util.Collections.unmodifiableSortedMap(new java.util.TreeMap<>(values));
    }
}
