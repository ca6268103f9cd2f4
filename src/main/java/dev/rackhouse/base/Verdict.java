package dev.rackhouse.base;

import java.util.Collection;
import java.util.List;

/**
 * How a thing stands, computed on the server and shown the same by every screen, badge, alert and API.
 *
 * @param level the word
 * @param reasons why, worst first; empty only for {@link Level#OK} and {@link Level#OFF}
 */
public record Verdict(Level level, List<Reason> reasons) {

    /** The words, from best to worst for {@link #worst}. Stale is never green; off is neutral. */
    public enum Level {
        OFF,
        OK,
        UNKNOWN,
        STALE,
        ATTENTION,
        CRITICAL;

        /** The word as shown: {@code attention}. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * @param code stable, for alerts and the API: {@code node.unreachable}
     * @param sentence for a person
     */
    public record Reason(String code, String sentence) {}

    public Verdict {
        reasons = List.copyOf(reasons);
    }

    public static Verdict ok() {
        return new Verdict(Level.OK, List.of());
    }

    public static Verdict off() {
        return new Verdict(Level.OFF, List.of());
    }

    public static Verdict of(Level level, String code, String sentence) {
        return new Verdict(level, List.of(new Reason(code, sentence)));
    }

    /** The worst of the parts, with the reasons of all parts that are as bad, then the others. No parts: unknown. */
    public static Verdict worst(Collection<Verdict> parts) {
        if (parts.isEmpty()) {
            return of(Level.UNKNOWN, "nothing.seen", "Nothing has been seen yet.");
        }
        Level level = parts.stream().map(Verdict::level).max(Level::compareTo).orElseThrow();
        List<Reason> reasons = parts.stream()
                .sorted((a, b) -> b.level.compareTo(a.level))
                .flatMap(v -> v.reasons.stream())
                .toList();
        return new Verdict(level, reasons);
    }
}
