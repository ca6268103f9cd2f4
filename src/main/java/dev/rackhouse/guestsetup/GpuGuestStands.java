package dev.rackhouse.guestsetup;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.guestsetup.GuestFacts.SeenCard;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * How a guest and its cards stand, by what the look script prints. Each argument that is given must hold:
 *
 * <pre>
 * system       ubuntu 24.04
 * cards        address=ids pairs: exactly these cards are in the guest
 * driver       a branch, 580: the driver of that branch answers and shows all of {@code cards}
 * watts        address=W pairs: the power limits are these; {@code allowed=yes}: these may be set
 * uuids        address=UUID pairs
 * persistence  on: for every card
 * unit         a unit that sets power limits: it starts at boot
 * xids         none: the driver has reported no fault since the guest was booted
 * </pre>
 */
@Component
class GpuGuestStands implements NamedCondition {

    static final String NAME = "gpu-guest-stands";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Judgement judge(Map<String, String> arguments, Answer answer) {
        if (!answer.succeeded()) {
            return Judgement.fails("the guest could not be looked at (exit code " + answer.status() + ")");
        }
        return switch (GuestFacts.parse(answer.text())) {
            case GuestFacts.Read.Unreadable(String sentence) -> Judgement.unknown(sentence);
            case GuestFacts.Read.Complete(GuestFacts facts) -> judge(arguments, facts);
        };
    }

    private static Judgement judge(Map<String, String> arguments, GuestFacts facts) {
        List<String> wrong = new ArrayList<>();
        String system = arguments.getOrDefault("system", "");
        String found = facts.value("os") + " " + facts.value("os_version");
        if (!system.isEmpty() && !system.equals(found)) {
            wrong.add("its system is " + found + ", not " + system);
        }
        Map<PciAddress, String> cards = pairs(arguments.getOrDefault("cards", ""));
        if (!cards.isEmpty() && !facts.gpus().equals(cards)) {
            wrong.add("the cards in it are " + shown(facts.gpus()) + ", not " + shown(cards));
        }
        String branch = arguments.getOrDefault("driver", "");
        if (!branch.isEmpty()) {
            wrong.addAll(driver(branch, cards, facts));
        }
        boolean mayBeSet = arguments.getOrDefault("allowed", "").equals("yes");
        pairs(arguments.getOrDefault("watts", ""))
                .forEach((address, watts) -> facts.card(address)
                        .ifPresentOrElse(
                                card -> wrong.addAll(
                                        mayBeSet
                                                ? allowed(card, Double.parseDouble(watts))
                                                : limited(card, Double.parseDouble(watts))),
                                () -> wrong.add("the driver does not show " + address)));
        pairs(arguments.getOrDefault("uuids", "")).forEach((address, uuid) -> {
            String now = facts.card(address).map(SeenCard::uuid).orElse("no card");
            if (!now.equals(uuid)) {
                wrong.add("at " + address + " is " + now + ", not " + uuid);
            }
        });
        if (arguments.getOrDefault("persistence", "").equals("on")
                && (facts.cards().isEmpty() || !facts.cards().stream().allMatch(SeenCard::persistent))) {
            wrong.add("persistence mode is off");
        }
        String unit = arguments.getOrDefault("unit", "");
        if (!unit.isEmpty()
                && facts.powerUnits().stream().noneMatch(u -> u.name().equals(unit) && u.atBoot())) {
            wrong.add(unit + " does not start at boot");
        }
        if (arguments.getOrDefault("xids", "").equals("none") && !facts.xids().isEmpty()) {
            wrong.add("the driver reports " + facts.xids().getLast());
        }
        return wrong.isEmpty() ? Judgement.holds(well(facts)) : Judgement.fails(String.join("; ", wrong));
    }

    private static List<String> driver(String branch, Map<PciAddress, String> cards, GuestFacts facts) {
        if (facts.cards().isEmpty()) {
            String said = facts.value("smi_said");
            return List.of(
                    facts.value("smi_code").isEmpty()
                            ? "there is no nvidia-smi"
                            : "the driver shows no card (exit code " + facts.value("smi_code") + ")"
                                    + (said.isEmpty() ? "" : ": " + said));
        }
        List<String> wrong = new ArrayList<>();
        for (PciAddress address : new TreeSet<>(cards.keySet())) {
            if (facts.card(address).isEmpty()) {
                wrong.add("the driver does not show " + address);
            }
        }
        if (facts.cards().size() != cards.size()) {
            wrong.add("the driver shows " + facts.cards().size() + " cards, planned are " + cards.size());
        }
        String version = facts.cards().getFirst().driver();
        if (!version.startsWith(branch + ".")) {
            wrong.add("the driver is " + version + ", not of branch " + branch);
        }
        return wrong;
    }

    private static List<String> allowed(SeenCard card, double watts) {
        Double least = card.least();
        Double most = card.most();
        return least != null && watts < least || most != null && watts > most
                ? List.of("%s takes %.0f to %.0f W, not %.0f".formatted(card.name(), least, most, watts))
                : List.of();
    }

    private static List<String> limited(SeenCard card, double watts) {
        Double limit = card.limit();
        return limit == null || Math.abs(limit - watts) >= 0.5
                ? List.of("%s at %s is limited to %s W, not %.0f".formatted(card.name(), card.address(), limit, watts))
                : List.of();
    }

    private static String well(GuestFacts facts) {
        return facts.cards().isEmpty()
                ? "the guest has " + shown(facts.gpus())
                : "driver " + facts.cards().getFirst().driver() + " shows "
                        + facts.cards().stream()
                                .map(c -> c.name() + " (" + c.limit() + " W)")
                                .collect(Collectors.joining(", "));
    }

    private static String shown(Map<PciAddress, String> cards) {
        return cards.isEmpty()
                ? "none"
                : cards.entrySet().stream()
                        .map(e -> e.getKey() + " " + e.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static Map<PciAddress, String> pairs(String text) {
        Map<PciAddress, String> pairs = new LinkedHashMap<>();
        for (String word : text.strip().split("\\s+")) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                pairs.put(PciAddress.parse(word.substring(0, equals)), word.substring(equals + 1));
            }
        }
        return pairs;
    }
}
