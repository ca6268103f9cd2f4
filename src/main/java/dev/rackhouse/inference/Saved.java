package dev.rackhouse.inference;

import java.util.List;

/** What came of storing something. */
public sealed interface Saved {

    record Stored() implements Saved {}

    /** Nothing was stored. */
    record Refused(List<Problem> problems) implements Saved {
        public Refused {
            problems = List.copyOf(problems);
        }

        static Refused of(String field, String sentence) {
            return new Refused(List.of(new Problem(field, sentence)));
        }
    }
}
