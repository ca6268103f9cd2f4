package dev.rackhouse.passthrough;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inventory.fact.GuestConfig;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.HostPciEntry;
import dev.rackhouse.inventory.fact.PathList;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.passthrough.PassthroughPlan.Accepted;
import dev.rackhouse.passthrough.PassthroughPlan.Device;
import dev.rackhouse.proxmox.HostPci;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Turns the wish to give a device to an existing VM, and what is known about both, into a verdict. Pure. */
final class AttachAssessment {

    private final AttachDraft draft;
    private final GuestPlace place;
    private final Examined host;
    private final HostFacts facts;
    private final List<String> problems = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();

    private AttachAssessment(AttachDraft draft, GuestPlace place, Examined host) {
        this.draft = draft;
        this.place = place;
        this.host = host;
        this.facts = host.facts();
    }

    static PlanReadiness<AttachPlan> of(AttachDraft draft, GuestPlace place) {
        HostFacts facts = place.site().facts();
        return facts == null
                ? new PlanReadiness.Blocked<>(List.of(GuestStandings.notProbed(place.site())), List.of(), List.of())
                : of(draft, place, Examined.of(facts));
    }

    /** @param host that of the place */
    static PlanReadiness<AttachPlan> of(AttachDraft draft, GuestPlace place, Examined host) {
        return new AttachAssessment(draft, place, host).assess();
    }

    /** The draft as it is first shown: the guest is asked by the surest way there is. */
    static AttachDraft suggested(AttachDraft draft, GuestPlace place) {
        return draft.withInside(GuestStandings.inside(place))
                .withBalloonOff(!place.config().getOrDefault("balloon", "0").equals("0"));
    }

    private PlanReadiness<AttachPlan> assess() {
        problems.addAll(GuestStandings.problems(place));
        findings.addAll(GuestStandings.findings(place, draft.shutdown()));
        findings.addAll(host.host());
        List<PciFunction> functions = chosen();
        int index = IntStream.range(0, 16)
                .filter(i -> !place.config().containsKey("hostpci" + i))
                .findFirst()
                .orElse(-1);
        if (index < 0) {
            problems.add(place.label() + " has 16 devices already, and Proxmox knows no more. Detach one first.");
        }
        if (functions.isEmpty() || index < 0) {
            return blocked();
        }
        DeviceNames names = new DeviceNames(place.site(), facts);
        Device device = names.device(functions);
        String value = value(device, functions);
        SortedMap<String, String> before = new TreeMap<>(Map.of("hostpci" + index, ""));
        SortedMap<String, String> after = new TreeMap<>(Map.of("hostpci" + index, value));
        List<Device> converted = draft.convert() ? converted(names, before, after) : List.of();
        String balloon = place.config().getOrDefault("balloon", "");
        if (draft.balloonOff() && !balloon.equals("0")) {
            before.put("balloon", balloon);
            after.put("balloon", "0");
        }
        GuestConfig resulting = GuestStandings.config(place, after);
        Collection<PciFunction> all = new LinkedHashSet<>(owned());
        boolean hasAlready = functions.stream().anyMatch(all::contains);
        all.addAll(functions);
        if (hasAlready) {
            problems.add(place.label() + " has this device already.");
        }
        guest(resulting, List.copyOf(all));
        startedWith(all);
        InsideProof inside = GuestStandings.proof(draft.inside(), place, problems);
        List<Finding> toConfirm = sorted().stream()
                .filter(f -> f.needsTick() && !draft.accepted().contains(f.key()))
                .toList();
        if (!problems.isEmpty() || !toConfirm.isEmpty() || findings.stream().anyMatch(Finding::blocks)) {
            return blocked();
        }
        return new PlanReadiness.Ready<>(
                new AttachPlan(
                        place.site().node(),
                        place.vmid(),
                        place.name(),
                        draft.identity(),
                        place.running(),
                        draft.shutdown(),
                        device,
                        converted,
                        before,
                        after,
                        inside,
                        GuestStandings.counts(functions, all),
                        !DeviceKind.resetsWell(functions),
                        resulting.memoryMiB(),
                        DeviceKind.words(facts, functions),
                        accepted()),
                sorted());
    }

    private PlanReadiness<AttachPlan> blocked() {
        List<Finding> sorted = sorted();
        return new PlanReadiness.Blocked<>(
                problems,
                sorted,
                sorted.stream()
                        .filter(f -> f.needsTick() && !draft.accepted().contains(f.key()))
                        .toList());
    }

    private List<Accepted> accepted() {
        return sorted().stream()
                .filter(Finding::needsTick)
                .map(f -> new Accepted(f.check(), f.target().toString(), f.text(), f.evidence()))
                .toList();
    }

    private List<Finding> sorted() {
        Map<String, Finding> once = new LinkedHashMap<>();
        findings.forEach(f -> once.putIfAbsent(f.key(), f));
        return once.values().stream()
                .sorted(Comparator.comparing(Finding::severity))
                .toList();
    }

    private List<PciFunction> chosen() {
        if (draft.device().isBlank()) {
            problems.add("Choose a device.");
            return List.of();
        }
        Optional<Target> target = PathList.parse(draft.device()).stream()
                .findFirst()
                .map(p -> p.function() == null ? new Target.Slot(p.slot()) : new Target.Device(p.function()));
        if (target.isEmpty()) {
            problems.add("\"" + Problems.shown(draft.device()) + "\" is no device: choose one of the list.");
            return List.of();
        }
        List<PciFunction> functions = Candidate.functions(facts, target.get());
        findings.addAll(Findings.ofDevice(host, target.get(), owned(), place.vmid()));
        return functions;
    }

    /**
     * The VM is started to prove the new device, and takes with it what it names already. While it runs it has that; then only what the
     * host cannot do without counts, which its next start would take.
     */
    private void startedWith(Collection<PciFunction> all) {
        GuestStandings.targets(place, facts).stream()
                .flatMap(t -> place.running()
                        ? Findings.ofNeeds(facts, host.needed(), t).stream()
                        : Findings.ofDevice(host, t, all, place.vmid()).stream())
                .filter(Finding::blocks)
                .forEach(findings::add);
    }

    /** What the guest has already, by its configuration. */
    private List<PciFunction> owned() {
        return GuestStandings.functions(place, facts, place.config());
    }

    private String value(Device device, List<PciFunction> functions) {
        return new HostPci(
                        List.of(),
                        device.mapping(),
                        place.q35(),
                        false,
                        !DeviceKind.of(functions).hidesRom(),
                        new LinkedHashMap<>())
                .print();
    }

    private List<Device> converted(
            DeviceNames names, SortedMap<String, String> before, SortedMap<String, String> after) {
        List<Device> converted = new ArrayList<>();
        for (Map.Entry<String, String> option : place.config().entrySet()) {
            HostPci raw = option.getKey().matches("hostpci[0-9]+") ? parsed(option.getValue()) : null;
            if (raw == null || raw.hosts().isEmpty()) {
                continue;
            }
            List<PathList.Part> parts = PathList.parse(String.join(";", raw.hosts()));
            List<PciFunction> functions = facts.functions().stream()
                    .filter(f -> !f.bridge() && parts.stream().anyMatch(p -> p.names(f.address())))
                    .toList();
            if (parts.size() != 1 || functions.isEmpty() || raw.others().containsKey("mdev")) {
                findings.add(Finding.information(
                        "hostpci.raw",
                        new Target.Guest(place.vmid()),
                        option.getKey()
                                + " stays as it is: it names several devices, a part of one, or none that is here.",
                        "Detach it and attach the device again.",
                        option.getKey() + ": " + option.getValue()));
                continue;
            }
            Device device = names.device(functions);
            converted.add(device);
            before.put(option.getKey(), option.getValue());
            after.put(
                    option.getKey(),
                    new HostPci(List.of(), device.mapping(), raw.pcie(), raw.primaryGpu(), raw.romBar(), raw.others())
                            .print());
        }
        return converted;
    }

    private static @Nullable HostPci parsed(String value) {
        try {
            return HostPci.parse(value);
        } catch (IllegalArgumentException notReadable) {
            return null;
        }
    }

    /** The guest as it would be. Memory that it holds while it runs is its own after the stop. */
    private void guest(GuestConfig resulting, List<PciFunction> functions) {
        findings.addAll(Rule.all(
                GuestRules.ALL,
                new GuestCase(facts, resulting, HostPciEntry.of(resulting), functions, place.running())));
        if (!place.q35()) {
            findings.add(Finding.information(
                    "vm.pci",
                    new Target.Guest(place.vmid()),
                    "The machine type is not q35: the device appears on plain PCI. Some drivers want PCI Express.",
                    "Change the machine type to q35 first, if the guest's system bears it.",
                    "machine: " + place.config().getOrDefault("machine", "(not set)")));
        }
        Set<String> holdsAll = Set.of("1024", "2", "any");
        ByteSize available = facts.memory("MemAvailable");
        ByteSize used = place.memoryUsed();
        boolean pinned = !owned().isEmpty() || holdsAll.contains(place.config().getOrDefault("hugepages", ""));
        if (place.running() && !pinned && available != null) {
            long gpus = functions.stream()
                    .filter(PciFunction::gpu)
                    .map(PciFunction::slot)
                    .distinct()
                    .count();
            ByteSize wanted = MemoryRules.needed(resulting.memoryMiB(), (int) gpus);
            ByteSize then = new ByteSize(available.bytes() + (used == null ? 0 : used.bytes()));
            if (wanted.compareTo(then) > 0) {
                findings.add(Finding.blocker(
                        "mem.fit",
                        new Target.Guest(place.vmid()),
                        "With a device all of the guest's memory is taken at start: %s with what QEMU needs, and %s is available once it is shut down."
                                .formatted(wanted, then),
                        "Make the VM smaller, stop others, or limit the ZFS cache.",
                        "memory: " + Objects.requireNonNullElse(place.config().get("memory"), "(not set)"),
                        "K mem_MemAvailable " + available.bytes() / 1024));
            }
        }
    }
}
