package dev.rackhouse.passthrough;

import dev.rackhouse.base.PciSlot;
import dev.rackhouse.inventory.fact.GuestConfig;
import dev.rackhouse.inventory.fact.HardwareNames;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.ProtectedSet;
import dev.rackhouse.inventory.fact.Protection;
import dev.rackhouse.passthrough.CheckRow.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * All checks of one node in the order of a page: platform, network, each device by slot, each guest; and what the host needs, in plain
 * words. Pure.
 */
public record ReadinessBoard(List<Part> parts, List<Need> needs) {

    /** What a part is about, in the order of the page. */
    public enum Kind {
        PLATFORM,
        NETWORK,
        DEVICE,
        GUEST
    }

    /** Which lines are shown. */
    public enum Show {
        ALL("All"),
        WARNINGS("Warnings and blocks"),
        BLOCKS("Blocks");

        private final String label;

        Show(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }

        boolean lets(Outcome outcome) {
            return switch (this) {
                case ALL -> true;
                case WARNINGS -> outcome == Outcome.BLOCK || outcome == Outcome.WARN || outcome == Outcome.UNKNOWN;
                case BLOCKS -> outcome == Outcome.BLOCK;
            };
        }
    }

    /**
     * One part with its lines, worst first, passed ones last.
     *
     * @param title {@code 0000:0e:00}
     * @param detail {@code NVIDIA GeForce RTX 2080 SUPER}
     */
    public record Part(Kind kind, String title, String detail, List<CheckRow> rows) {
        public Part {
            rows = rows.stream().sorted(Comparator.comparing(CheckRow::outcome)).toList();
        }

        public List<CheckRow> found() {
            return rows.stream().filter(r -> r.outcome() != Outcome.PASS).toList();
        }

        public List<CheckRow> passed() {
            return rows.stream().filter(r -> r.outcome() == Outcome.PASS).toList();
        }

        private Outcome worst() {
            return rows.isEmpty() ? Outcome.PASS : rows.getFirst().outcome();
        }
    }

    /**
     * Something that the host needs.
     *
     * @param what in plain words
     * @param chains from the PCI function to the reason; of what could not be traced the reason alone
     */
    public record Need(String what, boolean traced, List<String> chains) {
        public Need {
            chains = List.copyOf(chains);
        }
    }

    public ReadinessBoard {
        parts = List.copyOf(parts);
        needs = List.copyOf(needs);
    }

    public static ReadinessBoard of(HostFacts facts, Reported reported) {
        Examined host = Examined.of(facts);
        List<Finding> told = Stream.concat(
                        ReportedRules.ofHost(reported).stream(), ReportedRules.mappings(reported).stream())
                .toList();
        List<Finding> ofHost = once(Stream.concat(host.host().stream(), told.stream()));
        List<Finding> ofNetwork = once(
                Stream.concat(ofHost.stream().filter(ReadinessBoard::network), Findings.ofNetwork(facts).stream()));
        List<Part> parts = new ArrayList<>();
        parts.add(new Part(
                Kind.PLATFORM,
                "Platform",
                facts.kernel(),
                CheckRow.of(
                        facts,
                        List.of(),
                        ofHost.stream().filter(f -> !network(f)).toList())));
        parts.add(new Part(Kind.NETWORK, "Network", "", rows(ofNetwork)));
        devices(host).stream()
                .sorted(Comparator.comparing(Part::worst).thenComparing(Part::title))
                .forEach(parts::add);
        facts.guestsHere().stream()
                .filter(g -> g.kind() == GuestConfig.Kind.VM)
                .map(g -> new Part(Kind.GUEST, g.label(), "", rows(Findings.ofGuest(facts, g))))
                .sorted(Comparator.comparing(Part::worst).thenComparing(Part::title))
                .forEach(parts::add);
        return new ReadinessBoard(parts, needs(host.needed()));
    }

    private static boolean network(Finding finding) {
        return finding.check().startsWith("net.");
    }

    private static List<Finding> once(Stream<Finding> findings) {
        List<Finding> kept = new ArrayList<>();
        findings.forEach(f -> {
            if (kept.stream().noneMatch(k -> k.key().equals(f.key()) && k.text().equals(f.text()))) {
                kept.add(f);
            }
        });
        return kept;
    }

    private static List<CheckRow> rows(List<Finding> findings) {
        return findings.stream().map(CheckRow::found).toList();
    }

    /** Slots as a whole where they can be asked for so, else their functions; bridges only where a mapping names them. */
    private static List<Part> devices(Examined host) {
        HostFacts facts = host.facts();
        List<Target> targets = Findings.targets(facts);
        List<PciSlot> whole = targets.stream()
                .flatMap(t -> t instanceof Target.Slot(var slot) ? Stream.of(slot) : Stream.empty())
                .toList();
        List<Part> parts = new ArrayList<>();
        for (Target target : targets) {
            List<PciFunction> functions = Candidate.functions(facts, target);
            boolean shown = switch (target) {
                case Target.Slot _ -> true;
                case Target.Device(var address) ->
                    !whole.contains(address.slot())
                            && (functions.stream().noneMatch(PciFunction::bridge)
                                    || facts.mappingsHere().stream().anyMatch(m -> m.names(address)));
                case Target.Host _, Target.Guest _, Target.Iface _ -> false;
            };
            if (shown && !functions.isEmpty()) {
                PciFunction first = functions.stream()
                        .filter(PciFunction::passable)
                        .findFirst()
                        .orElse(functions.getFirst());
                parts.add(new Part(
                        Kind.DEVICE,
                        target.toString().replaceFirst("^[a-z]+ ", ""),
                        HardwareNames.describe(first),
                        CheckRow.of(facts, functions, Findings.ofDevice(host, target, List.of(), null)).stream()
                                .filter(r -> r.finding() != null || !platform(r.check()))
                                .toList()));
            }
        }
        return parts;
    }

    private static boolean platform(String check) {
        return Checks.find(check).map(c -> c.group() == Checks.Group.PLATFORM).orElse(false)
                && !check.equals("fw.rmrr");
    }

    private static List<Need> needs(ProtectedSet needed) {
        List<Need> needs = new ArrayList<>();
        for (Protection.Kind kind : Protection.Kind.values()) {
            List<String> chains = needed.protections().stream()
                    .filter(p -> p.kind() == kind)
                    .map(Protection::text)
                    .distinct()
                    .toList();
            if (!chains.isEmpty()) {
                needs.add(new Need(words(kind), true, chains));
            }
        }
        if (!needed.unplacedDisks().isEmpty()) {
            needs.add(new Need(
                    "Disks that could not be traced to a controller: as long as that is so, no storage controller that the host uses is given away",
                    false,
                    needed.unplacedDisks()));
        }
        if (!needed.unplacedInterfaces().isEmpty()) {
            needs.add(new Need(
                    "Network that could not be traced to a card: as long as that is so, no network card that the host uses is given away",
                    false,
                    needed.unplacedInterfaces()));
        }
        return needs;
    }

    private static String words(Protection.Kind kind) {
        return switch (kind) {
            case BOOT -> "Its system disk: without it the host stops";
            case STORAGE -> "Its pools, volume groups, arrays and mounts: two sides that write to one disk destroy it";
            case MANAGEMENT -> "The way to it, and the network of its running guests";
            case CONSOLE_USB ->
                "Its keyboard, or the signal line of its power supply; may be given away when somebody says so";
            case CONSOLE ->
                "Its only screen, or that of its remote console; may be given away when somebody has another way in";
        };
    }

    /** The same with the lines that are to be shown; parts without any are left out. */
    public ReadinessBoard filtered(Show show, String text) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        boolean everything = show == Show.ALL && wanted.isEmpty();
        return new ReadinessBoard(
                parts.stream()
                        .map(p -> new Part(
                                p.kind(),
                                p.title(),
                                p.detail(),
                                p.rows().stream()
                                        .filter(r -> show.lets(r.outcome()))
                                        .filter(r ->
                                                wanted.isEmpty() || r.check().contains(wanted))
                                        .toList()))
                        .filter(p -> everything || !p.rows().isEmpty())
                        .toList(),
                needs);
    }

    /** How many lines came out so. */
    public long count(Outcome outcome) {
        return parts.stream()
                .flatMap(p -> p.rows().stream())
                .filter(r -> r.outcome() == outcome)
                .count();
    }
}
