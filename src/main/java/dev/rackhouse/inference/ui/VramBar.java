package dev.rackhouse.inference.ui;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.fit.GpuShare;
import java.util.ArrayList;
import java.util.List;

/**
 * What a stacked bar of one card shows.
 *
 * @param parts from left to right; empty ones are left out
 */
record VramBar(String label, ByteSize usable, List<Part> parts) {

    /** What memory is taken for. */
    enum Kind {
        OTHERS("others"),
        WEIGHTS("weights"),
        OVERHEAD("overhead"),
        KV("keys and values");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    record Part(Kind kind, String name, ByteSize size) {}

    VramBar {
        parts = parts.stream().filter(p -> p.size().bytes() > 0).toList();
    }

    static VramBar of(GpuShare share) {
        return new VramBar(
                share.gpu(),
                share.usable(),
                List.of(
                        new Part(Kind.OTHERS, "others", share.others()),
                        new Part(Kind.WEIGHTS, "weights", share.weights()),
                        new Part(Kind.OVERHEAD, "overhead", share.overhead()),
                        new Part(Kind.KV, "keys and values", share.kv())));
    }

    /** The same card with what a further model takes of it, called by its name. */
    VramBar and(String name, GpuShare share) {
        List<Part> all = new ArrayList<>(parts);
        all.add(new Part(Kind.WEIGHTS, name + " weights", share.weights()));
        all.add(new Part(Kind.OVERHEAD, name + " overhead", share.overhead()));
        all.add(new Part(Kind.KV, name + " keys and values", share.kv()));
        return new VramBar(label, usable, all);
    }

    ByteSize taken() {
        return new ByteSize(parts.stream().mapToLong(p -> p.size().bytes()).sum());
    }

    /** More is wanted than the card has; rounding is no reason. */
    boolean over() {
        return taken().bytes() > usable.bytes() * 1.001;
    }
}
