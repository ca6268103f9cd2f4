package dev.rackhouse.renumbering;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.renumbering.LayoutChange.Basis;
import dev.rackhouse.renumbering.LayoutChange.Match;
import dev.rackhouse.renumbering.LayoutChange.Twins;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Recognises the devices of one layout in another. Of what is equal in ids, subsystem and class, a serial number decides; then
 * the model and size of an NVMe drive; then the same chain of bridges, when it is unlike that of all others; then what is left over.
 * What still cannot be told apart is left to a person. Two that have different serial numbers or drives are never the same. Pure.
 */
public final class Renumbering {

    private final List<Match> matches = new ArrayList<>();
    private final List<Card> missing = new ArrayList<>();
    private final List<Card> appeared = new ArrayList<>();
    private final List<Twins> ambiguous = new ArrayList<>();
    private final Map<PciSlot, PciSlot> choices;

    private Renumbering(Map<PciSlot, PciSlot> choices) {
        this.choices = choices;
    }

    public static LayoutChange compare(HostFacts before, HostFacts now) {
        return compare(before, now, Map.of(), Map.of(), Map.of());
    }

    /**
     * @param serialsBefore serial numbers known from elsewhere (a GPU's UUID, a disk's serial), by the function's address then
     * @param serialsNow the same by the function's address now
     * @param choices what a person said about devices that cannot be told apart: old slot to new slot
     */
    public static LayoutChange compare(
            HostFacts before,
            HostFacts now,
            Map<PciAddress, String> serialsBefore,
            Map<PciAddress, String> serialsNow,
            Map<PciSlot, PciSlot> choices) {
        Renumbering renumbering = new Renumbering(choices);
        Map<String, List<Card>> old = byKind(Card.of(before, serialsBefore));
        Map<String, List<Card>> fresh = byKind(Card.of(now, serialsNow));
        Set<String> kinds = new LinkedHashSet<>(old.keySet());
        kinds.addAll(fresh.keySet());
        kinds.forEach(kind -> renumbering.match(
                new ArrayList<>(old.getOrDefault(kind, List.of())),
                new ArrayList<>(fresh.getOrDefault(kind, List.of()))));
        return renumbering.change();
    }

    private static Map<String, List<Card>> byKind(Collection<Card> cards) {
        Map<String, List<Card>> kinds = new LinkedHashMap<>();
        cards.forEach(
                c -> kinds.computeIfAbsent(c.kind(), k -> new ArrayList<>()).add(c));
        return kinds;
    }

    private void match(List<Card> old, List<Card> fresh) {
        boolean alone = old.size() == 1 && fresh.size() == 1;
        pair(
                old,
                fresh,
                Basis.SERIAL,
                (a, b) -> a.serial() != null && a.serial().equals(b.serial()));
        if (alone) {
            pair(old, fresh, Basis.KIND, (a, b) -> true);
        }
        pair(old, fresh, Basis.DRIVE, (a, b) -> a.drive() != null && a.drive().equals(b.drive()));
        pair(old, fresh, Basis.PLACE, (a, b) -> a.place().equals(b.place()));
        pair(old, fresh, Basis.CHOSEN, (a, b) -> b.slot().equals(choices.get(a.slot())));
        while (!old.isEmpty()) {
            rest(old, fresh);
        }
        appeared.addAll(fresh);
    }

    /** Takes out one that is not recognised, with all that it could be, and all that those could be. */
    private void rest(List<Card> old, List<Card> fresh) {
        List<Card> before = new ArrayList<>(List.of(old.removeFirst()));
        List<Card> now = new ArrayList<>();
        boolean grown = true;
        while (grown) {
            grown = moveOver(fresh, now, before) || moveOver(old, before, now);
        }
        if (now.isEmpty()) {
            missing.addAll(before);
        } else if (before.size() == 1 && now.size() == 1) {
            matches.add(new Match(before.getFirst(), now.getFirst(), Basis.LEFT_OVER));
        } else {
            ambiguous.add(new Twins(before, now));
        }
    }

    private static boolean moveOver(List<Card> from, List<Card> to, List<Card> others) {
        List<Card> candidates =
                from.stream().filter(c -> others.stream().anyMatch(c::couldBe)).toList();
        to.addAll(candidates);
        return from.removeAll(candidates);
    }

    /** Takes out those that have exactly one partner, who has no other. */
    private void pair(List<Card> old, List<Card> fresh, Basis basis, BiPredicate<Card, Card> same) {
        BiPredicate<Card, Card> both = (a, b) -> same.test(a, b) && a.couldBe(b);
        for (Card before : List.copyOf(old)) {
            List<Card> partners =
                    fresh.stream().filter(now -> both.test(before, now)).toList();
            boolean only = partners.size() == 1
                    && old.stream()
                                    .filter(other -> both.test(other, partners.getFirst()))
                                    .count()
                            == 1;
            if (only) {
                matches.add(new Match(before, partners.getFirst(), basis));
                old.remove(before);
                fresh.remove(partners.getFirst());
            }
        }
    }

    private LayoutChange change() {
        List<Match> kept = new ArrayList<>();
        List<Match> moved = new ArrayList<>();
        List<Match> regrouped = new ArrayList<>();
        for (Match match : matches) {
            boolean stays = match.before().slot().equals(match.now().slot());
            (!stays ? moved : match.before().groups().equals(match.now().groups()) ? kept : regrouped).add(match);
        }
        return new LayoutChange(kept, moved, regrouped, missing, appeared, ambiguous);
    }
}
