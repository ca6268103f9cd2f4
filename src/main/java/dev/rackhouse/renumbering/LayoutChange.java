package dev.rackhouse.renumbering;

import dev.rackhouse.base.PciSlot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What differs between two layouts of one host.
 *
 * @param kept devices at their old address, in the same IOMMU groups
 * @param moved devices at another address
 * @param regrouped devices at their old address in other IOMMU groups
 * @param missing devices that are nowhere any more
 * @param appeared devices that were nowhere before
 * @param ambiguous equal devices without a serial number of which nothing tells which is which: a person must say
 */
public record LayoutChange(
        List<Match> kept,
        List<Match> moved,
        List<Match> regrouped,
        List<Card> missing,
        List<Card> appeared,
        List<Twins> ambiguous) {

    /** By what a device was recognised. */
    public enum Basis {
        /** Only this one has it. */
        SERIAL("serial number"),
        /** There is one of its kind before and now. */
        KIND("the only one of its kind"),
        /** Of several equal ones, the only one with such a drive. */
        DRIVE("model and size of its drive"),
        /** Of several equal ones, the one behind the same chain of bridges. */
        PLACE("same place among equals"),
        /** Of several equal ones, the others are known. */
        LEFT_OVER("the last of its kind that was left"),
        /** A person said so. */
        CHOSEN("chosen by a person");

        private final String words;

        Basis(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** One device before and now. */
    public record Match(Card before, Card now, Basis basis) {}

    /** Equal devices: where they were, where equal ones are now. */
    public record Twins(List<Card> before, List<Card> now) {
        public Twins {
            before = List.copyOf(before);
            now = List.copyOf(now);
        }
    }

    public LayoutChange {
        kept = List.copyOf(kept);
        moved = List.copyOf(moved);
        regrouped = List.copyOf(regrouped);
        missing = List.copyOf(missing);
        appeared = List.copyOf(appeared);
        ambiguous = List.copyOf(ambiguous);
    }

    /** Whether nothing that somebody could give to a guest is elsewhere. Bridges alone concern nobody. */
    public boolean quiet() {
        return Stream.of(moved, regrouped)
                        .flatMap(List::stream)
                        .noneMatch(m -> m.now().passable())
                && missing.stream().noneMatch(Card::passable)
                && ambiguous.stream().flatMap(t -> t.before().stream()).noneMatch(Card::passable);
    }

    /** Where each recognised device went, by its old slot. */
    Map<PciSlot, Match> bySlot() {
        Map<PciSlot, Match> all = new LinkedHashMap<>();
        kept.forEach(m -> all.put(m.before().slot(), m));
        moved.forEach(m -> all.put(m.before().slot(), m));
        regrouped.forEach(m -> all.put(m.before().slot(), m));
        return all;
    }

    Optional<Card> missingAt(PciSlot slot) {
        return missing.stream().filter(c -> c.slot().equals(slot)).findFirst();
    }

    /** {@code 3 devices moved, 1 is missing} */
    public String sentence() {
        List<String> parts = new java.util.ArrayList<>();
        add(parts, moved.stream().filter(m -> m.now().passable()).count(), "moved", "moved");
        add(
                parts,
                regrouped.stream().filter(m -> m.now().passable()).count(),
                "is in another IOMMU group",
                "are in other IOMMU groups");
        add(parts, missing.stream().filter(Card::passable).count(), "is missing", "are missing");
        add(
                parts,
                ambiguous.stream()
                        .flatMap(t -> t.before().stream())
                        .filter(Card::passable)
                        .count(),
                "cannot be told from its twins",
                "cannot be told apart");
        String all = String.join(", ", parts);
        return all.isEmpty() ? "Only bridges moved" : all;
    }

    private static void add(List<String> parts, long count, String one, String many) {
        if (count > 0) {
            String noun = parts.isEmpty() ? (count == 1 ? " device " : " devices ") : " ";
            parts.add(count + noun + (count == 1 ? one : many));
        }
    }
}
