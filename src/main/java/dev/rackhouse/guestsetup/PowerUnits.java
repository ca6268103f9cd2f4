package dev.rackhouse.guestsetup;

import dev.rackhouse.guestsetup.GpuGuestPlan.Card;
import dev.rackhouse.guestsetup.GuestFacts.PowerUnit;
import dev.rackhouse.guestsetup.GuestFacts.SeenCard;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Units of a guest that set power limits at boot: whether they do what is planned already, or would work against it. Pure. */
final class PowerUnits {

    private static final Pattern LIMIT = Pattern.compile("(?:^|\\s)-pl\\s+([0-9]{1,4})");
    private static final Pattern CARD = Pattern.compile("(?:^|\\s)(?:-i|--id=?)\\s*(\\S+)");

    private PowerUnits() {}

    /**
     * Whether the run must write its own unit.
     *
     * @param blocks gets a sentence and a remedy when another unit sets another limit
     */
    static boolean needed(List<Card> cards, GuestFacts facts, BiConsumer<String, String> blocks) {
        boolean all = true;
        for (Card card : cards) {
            Integer watts = card.watts();
            if (watts == null) {
                continue;
            }
            boolean set = false;
            for (PowerUnit unit : facts.powerUnits()) {
                Optional<Integer> sets = unit.atBoot() ? limitOf(unit, card, facts) : Optional.empty();
                boolean ours = unit.name().equals(SetupFiles.POWER_UNIT);
                if (sets.isPresent() && !ours && !sets.get().equals(watts)) {
                    blocks.accept(
                            "%s in the guest sets the card at %s to %d W at each boot, planned are %d W."
                                    .formatted(unit.name(), card.address(), sets.get(), watts),
                            "Plan the same limit, or disable it there: systemctl disable " + unit.name() + ".");
                }
                set |= sets.isPresent() && sets.get().equals(watts);
            }
            Double now = facts.card(card.address()).map(SeenCard::limit).orElse(null);
            all &= set && now != null && Math.abs(now - watts) < 0.5;
        }
        return !all;
    }

    /** The last limit that a unit sets for a card; a command without a card is for all. */
    private static Optional<Integer> limitOf(PowerUnit unit, Card card, GuestFacts facts) {
        Optional<Integer> found = Optional.empty();
        SeenCard seen = facts.card(card.address()).orElse(null);
        for (String command : unit.commands()) {
            Matcher limit = LIMIT.matcher(command);
            Matcher chosen = CARD.matcher(command);
            boolean forIt = !chosen.find()
                    || seen != null
                            && (chosen.group(1).equalsIgnoreCase(seen.uuid())
                                    || chosen.group(1).equals("" + facts.cards().indexOf(seen)));
            if (limit.find() && forIt) {
                found = Optional.of(Integer.valueOf(limit.group(1)));
            }
        }
        return found;
    }
}
