package dev.rackhouse.renumbering;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.fact.BlastRadius;
import dev.rackhouse.inventory.fact.DeviceUse;
import dev.rackhouse.inventory.fact.GuestConfig;
import dev.rackhouse.inventory.fact.HardwareNames;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.HostPciEntry;
import dev.rackhouse.inventory.fact.PathList;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.ProtectedSet;
import dev.rackhouse.inventory.fact.Protection;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.Findings;
import dev.rackhouse.passthrough.GuestChange;
import dev.rackhouse.passthrough.PlanReadiness;
import dev.rackhouse.passthrough.Severity;
import dev.rackhouse.passthrough.Target;
import dev.rackhouse.proxmox.PciMapping;
import dev.rackhouse.proxmox.PveMappings;
import dev.rackhouse.renumbering.LayoutChange.Match;
import dev.rackhouse.renumbering.LayoutChange.Twins;
import dev.rackhouse.renumbering.RenumberPlan.FileChange;
import dev.rackhouse.renumbering.RenumberPlan.MappingChange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns two layouts, and all that names addresses, into what is dangerous, what is in the way, and a plan. Pure. */
final class RenumberAssessment {

    private final RenumberPlace place;
    private final LayoutChange change;
    private final Following following;
    private final ProtectedSet needed;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private final Set<VmId> affected = new LinkedHashSet<>();

    private RenumberAssessment(RenumberPlace place, LayoutChange change, ProtectedSet needed) {
        this.place = place;
        this.change = change;
        this.following = new Following(change);
        this.needed = needed;
    }

    /**
     * @param choices which twin is which, as a person said
     * @param accepted keys of warnings that the person has ticked
     */
    static Diagnosis of(RenumberPlace place, Map<PciSlot, PciSlot> choices, Set<String> accepted) {
        LayoutChange change = Renumbering.compare(place.before(), place.now(), Map.of(), Map.of(), choices);
        return of(place, change, ProtectedSet.of(place.now()), accepted);
    }

    /**
     * @param change between the layouts of the place
     * @param needed what its host cannot do without now
     */
    static Diagnosis of(RenumberPlace place, LayoutChange change, ProtectedSet needed, Set<String> accepted) {
        RenumberAssessment assessment = new RenumberAssessment(place, change, needed);
        return new Diagnosis(change, assessment.dangers(), assessment.assess(accepted));
    }

    private PlanReadiness<RenumberPlan> assess(Set<String> accepted) {
        change.ambiguous().stream().filter(t -> named(t)).forEach(this::ask);
        List<MappingChange> mappings =
                place.mappings().stream().flatMap(this::mapping).toList();
        List<GuestChange> guests =
                place.now().guestsHere().stream().flatMap(this::guest).toList();
        List<FileChange> files = place.files().stream()
                .map(f -> new FileChange(f.path(), f.content(), followed(f)))
                .filter(f -> !f.before().equals(f.after()))
                .toList();
        running();
        List<Finding> sorted = findings.stream()
                .sorted(Comparator.comparing(Finding::severity))
                .toList();
        List<Finding> toConfirm = sorted.stream()
                .filter(f -> f.needsTick() && !accepted.contains(f.key()))
                .toList();
        boolean nothing = mappings.isEmpty() && guests.isEmpty() && files.isEmpty();
        if (nothing && problems.isEmpty()) {
            problems.add(
                    "No mapping, guest or file of ours names a device that is elsewhere now: there is nothing to rewrite.");
        }
        if (!problems.isEmpty() || !toConfirm.isEmpty() || sorted.stream().anyMatch(Finding::blocks)) {
            return new PlanReadiness.Blocked<>(problems, sorted, toConfirm);
        }
        return new PlanReadiness.Ready<>(
                new RenumberPlan(
                        place.node(),
                        change.moved().stream()
                                .filter(m -> m.now().passable())
                                .map(m -> m.before().slot() + " -> " + m.now().slot() + " "
                                        + m.now().label())
                                .toList(),
                        present(mappings, guests),
                        mappings,
                        guests,
                        files,
                        List.copyOf(affected),
                        left,
                        sorted.stream()
                                .filter(Finding::needsTick)
                                .map(Finding::key)
                                .toList()),
                sorted);
    }

    /** Twins that no name stands for may stay unknown. */
    private boolean named(Twins twins) {
        return twins.before().stream().anyMatch(c -> names(c.slot()));
    }

    private boolean names(PciSlot slot) {
        return parts().anyMatch(p -> p.slot().equals(slot))
                || place.files().stream().anyMatch(f -> f.content().contains(slot.toString()));
    }

    private Stream<PathList.Part> parts() {
        return Stream.concat(
                place.mappings().stream()
                        .flatMap(m -> m.on(place.node().node()).stream())
                        .flatMap(e -> PathList.parse(e.path()).stream()),
                place.now().guestsHere().stream()
                        .flatMap(g -> HostPciEntry.of(g).stream())
                        .flatMap(e -> e.host() == null ? Stream.empty() : PathList.parse(e.host()).stream()));
    }

    private void ask(Twins twins) {
        problems.add("%s stood at %s; equal ones are at %s now, and nothing tells which is which. Choose."
                .formatted(twins.before().getFirst().label(), slots(twins.before()), slots(twins.now())));
    }

    private static String slots(List<Card> cards) {
        return cards.stream().map(c -> c.slot().toString()).collect(Collectors.joining(" and "));
    }

    /** Entries of other nodes, and those that nobody can read, stay byte for byte. */
    private Stream<MappingChange> mapping(PveMappings.Mapping mapping) {
        List<String> after = mapping.texts().stream()
                .map(text -> PciMapping.find(text)
                        .filter(e -> e.node().equals(place.node().node()))
                        .map(e -> {
                            PciMapping followed = follow(mapping.id(), e);
                            return followed.equals(e) ? text : followed.print();
                        })
                        .orElse(text))
                .toList();
        if (after.equals(mapping.texts())) {
            return Stream.empty();
        }
        users(mapping.id());
        return Stream.of(new MappingChange(mapping.id(), mapping.texts(), after));
    }

    /** A name is never made to stand for what the host needs to live. */
    private PciMapping follow(String mapping, PciMapping entry) {
        PathList.parse(entry.path()).stream()
                .map(PathList.Part::slot)
                .flatMap(s -> change.missingAt(s).stream())
                .findFirst()
                .ifPresent(c -> left.add("Mapping %s names %s, which is not there any more: it is left as it is."
                        .formatted(mapping, c.label())));
        PciMapping after = following.follow(entry);
        Optional<String> lost = after.equals(entry) ? Optional.empty() : lost(after.path());
        if (lost.isPresent()) {
            findings.add(new Finding(
                    "map.protected",
                    Severity.WARNING,
                    false,
                    new Target.Host(),
                    "Mapping %s would name what the host needs: %s. It is left as it is, and no VM can start with it."
                            .formatted(mapping, lost.get()),
                    List.of(entry.print()),
                    "Remove the mapping.",
                    false,
                    null));
            return entry;
        }
        return after;
    }

    /** What would leave the host with a guest that gets these, group mates too, and must not; empty: nothing. */
    private Optional<String> lost(String path) {
        List<PathList.Part> parts = PathList.parse(path);
        List<PciFunction> named = place.now().functions().stream()
                .filter(f -> !f.bridge() && parts.stream().anyMatch(p -> p.names(f.address())))
                .toList();
        return BlastRadius.of(place.now(), named).stream()
                .flatMap(a -> needed.of(a).stream())
                .filter(p -> p.kind().vital())
                .map(Protection::text)
                .findFirst()
                .or(() -> parts.stream()
                        .<Target>map(
                                p -> p.function() == null ? new Target.Slot(p.slot()) : new Target.Device(p.function()))
                        .flatMap(t -> Findings.ofNeeds(place.now(), needed, t).stream())
                        .map(f -> f.text().replaceFirst("\\.$", ""))
                        .findFirst());
    }

    private void users(String mapping) {
        place.now().guestsHere().stream()
                .filter(g -> HostPciEntry.of(g).stream().anyMatch(e -> mapping.equals(e.mapping())))
                .forEach(g -> affected.add(g.vmid()));
    }

    private Stream<GuestChange> guest(GuestConfig guest) {
        SortedMap<String, String> before = new TreeMap<>();
        SortedMap<String, String> after = new TreeMap<>();
        for (HostPciEntry entry : HostPciEntry.of(guest)) {
            String value = guest.option(entry.key(), "");
            if (entry.host() == null || !GuestChange.quotable(value)) {
                continue;
            }
            String now = followed(guest, entry, value);
            if (!now.equals(value)) {
                before.put(entry.key(), value);
                after.put(entry.key(), now);
            }
        }
        if (before.isEmpty()) {
            return Stream.empty();
        }
        affected.add(guest.vmid());
        return Stream.of(new GuestChange(place.node(), guest.vmid(), before, after));
    }

    private String followed(GuestConfig guest, HostPciEntry entry, String value) {
        try {
            String now = following.follow(value);
            Optional<String> lost = now.equals(value)
                    ? Optional.empty()
                    : lost(Objects.requireNonNullElse(
                            HostPciEntry.parse(entry.index(), now).host(), ""));
            if (lost.isPresent()) {
                left.add("%s of %s would name what the host needs (%s): it is left as it is."
                        .formatted(entry.key(), guest.label(), lost.get()));
                return value;
            }
            return now;
        } catch (IllegalArgumentException notReadable) {
            left.add(entry.key() + " of " + guest.label() + " cannot be read: put it right by hand.");
            return value;
        }
    }

    /** A driver is not kept from what the host has come to need, so those lines stay as they are. */
    private String followed(RenumberPlace.HostFile file) {
        return following.followAll(file.content(), now -> {
            Optional<String> lost = lost(now);
            lost.map(why -> "%s would name %s, which the host needs (%s): what it says of that device is left as it is."
                            .formatted(file.path(), now, why))
                    .filter(sentence -> !left.contains(sentence))
                    .ifPresent(left::add);
            return lost.isEmpty();
        });
    }

    /** What a running guest holds must not change its name under it. */
    private void running() {
        for (VmId vmid : affected) {
            if (place.now().runs(vmid)) {
                String label = place.now().guest(vmid).map(GuestConfig::label).orElse("VM " + vmid);
                findings.add(new Finding(
                        "dev.used-running",
                        Severity.BLOCKER,
                        false,
                        new Target.Guest(vmid),
                        label + " is running, and what it names would change.",
                        List.of("RUN " + vmid),
                        "Stop it first.",
                        false,
                        vmid));
            }
        }
    }

    private List<String> present(List<MappingChange> mappings, List<GuestChange> guests) {
        List<String> paths = new ArrayList<>();
        for (MappingChange mapping : mappings) {
            mapping.after().stream()
                    .flatMap(t -> PciMapping.find(t).stream())
                    .filter(e -> e.node().equals(place.node().node()))
                    .forEach(e -> paths.add(e.path()));
        }
        guests.forEach(g -> g.after().forEach((key, value) -> {
            String host = HostPciEntry.parse(0, value).host();
            if (host != null) {
                paths.add(host);
            }
        }));
        List<PathList.Part> parts =
                paths.stream().flatMap(p -> PathList.parse(p).stream()).toList();
        Stream<PciFunction> named =
                place.now().functions().stream().filter(f -> parts.stream().anyMatch(p -> p.names(f.address())));
        Stream<PciFunction> moved =
                change.moved().stream().map(Match::now).filter(Card::passable).flatMap(c -> c.functions().stream());
        return Stream.concat(named, moved)
                .map(f -> f.address() + "=" + f.ids())
                .distinct()
                .sorted()
                .toList();
    }

    /** Names that stand, as they are now, for another device than before: first what the host needs, then the rest. */
    private List<String> dangers() {
        List<String> worst = new ArrayList<>();
        List<String> other = new ArrayList<>();
        for (PveMappings.Mapping mapping : place.mappings()) {
            for (PciMapping entry : mapping.on(place.node().node())) {
                danger("Mapping " + mapping.id(), entry.path(), worst, other);
            }
        }
        for (DeviceUse use : DeviceUse.of(place.now())) {
            if (use.raw()) {
                String who = use.guest().label() + (use.guest().flag("onboot") ? " (starts with the host)" : "") + ", "
                        + use.entry().key() + ",";
                danger(who, Objects.requireNonNullElse(use.entry().host(), ""), worst, other);
            }
        }
        return Stream.concat(worst.stream(), other.stream()).distinct().toList();
    }

    private void danger(String who, String path, List<String> worst, List<String> other) {
        HostFacts now = place.now();
        for (PathList.Part part : PathList.parse(path)) {
            List<PciFunction> there = now.functions().stream()
                    .filter(f -> part.names(f.address()))
                    .toList();
            boolean same = following
                    .named(part)
                    .map(m -> m.now().slot().equals(part.slot()))
                    .orElse(false);
            if (there.isEmpty() || same) {
                continue;
            }
            List<Protection> protections = there.stream()
                    .map(PciFunction::address)
                    .map(needed::of)
                    .flatMap(List::stream)
                    .toList();
            PciAddress address = there.getFirst().address();
            if (!protections.isEmpty()) {
                worst.add("%s now names %s: %s"
                        .formatted(
                                who,
                                switch (protections.getFirst().kind()) {
                                    case BOOT -> "the host's system disk";
                                    case STORAGE -> "storage of the host";
                                    case MANAGEMENT -> "the host's way to the network";
                                    case CONSOLE_USB -> "the host's keyboard or power supply line";
                                    case CONSOLE -> "the host's screen";
                                },
                                protections.getFirst().text()));
            } else {
                other.add("%s now names %s, %s".formatted(who, address, HardwareNames.describe(there.getFirst())));
            }
        }
    }
}
