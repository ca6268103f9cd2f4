package dev.rackhouse.passthrough;

import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.fact.GuestConfig;
import dev.rackhouse.inventory.fact.HardwareNames;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.HostPciEntry;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.passthrough.AttachDraft.Inside;
import dev.rackhouse.passthrough.PassthroughPlan.Accepted;
import dev.rackhouse.passthrough.PassthroughPlan.PlannedFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns the wish to take a device from a VM, and what is known about it, into a verdict. Pure. */
final class DetachAssessment {

    private DetachAssessment() {}

    /** The devices of a VM as they can be chosen, by index. */
    static List<Attached> attached(GuestPlace place) {
        HostFacts facts = place.site().facts();
        return HostPciEntry.of(GuestStandings.config(place, Map.of())).stream()
                .map(e -> new Attached(
                        e.index(),
                        place.config().getOrDefault(e.key(), ""),
                        facts == null ? List.of() : functions(place, facts, e.index())))
                .toList();
    }

    /**
     * One {@code hostpciN} of a VM.
     *
     * @param functions that it stands for on this host; empty when it names nothing that is here
     */
    record Attached(int index, String value, List<PciFunction> functions) {
        Attached {
            functions = List.copyOf(functions);
        }

        String label() {
            return functions.isEmpty() ? value.replaceAll(",.*", "") : HardwareNames.describe(functions.getFirst());
        }
    }

    private static List<PciFunction> functions(GuestPlace place, HostFacts facts, int index) {
        String key = "hostpci" + index;
        return GuestStandings.functions(place, facts, Map.of(key, place.config().getOrDefault(key, "")));
    }

    /**
     * @param index of the {@code hostpciN}; -1 while none is chosen
     * @param shutdown what happens when the guest runs and does not shut down
     * @param accepted keys of warnings that the person has ticked
     */
    static PlanReadiness<DetachPlan> of(
            GuestPlace place, int index, Inside inside, Shutdown shutdown, Set<String> accepted) {
        HostFacts facts = place.site().facts();
        if (facts == null) {
            return new PlanReadiness.Blocked<>(List.of(GuestStandings.notProbed(place.site())), List.of(), List.of());
        }
        List<String> problems = new ArrayList<>(GuestStandings.problems(place));
        Attached chosen = attached(place).stream()
                .filter(a -> a.index() == index)
                .findFirst()
                .orElse(null);
        if (chosen == null) {
            problems.add("Choose the device that " + place.label() + " shall give back.");
            return new PlanReadiness.Blocked<>(problems, List.of(), List.of());
        }
        List<Finding> findings = new ArrayList<>(GuestStandings.findings(place, shutdown));
        findings.addAll(lost(place, chosen));
        findings.sort(Comparator.comparing(Finding::severity));
        InsideProof proof = place.running() ? GuestStandings.proof(inside, place, problems) : new InsideProof.None();
        List<Finding> toConfirm = findings.stream()
                .filter(f -> f.needsTick() && !accepted.contains(f.key()))
                .toList();
        if (!problems.isEmpty() || !toConfirm.isEmpty() || findings.stream().anyMatch(Finding::blocks)) {
            return new PlanReadiness.Blocked<>(problems, findings, toConfirm);
        }
        return new PlanReadiness.Ready<>(plan(place, facts, chosen, proof, shutdown, findings), findings);
    }

    private static DetachPlan plan(
            GuestPlace place,
            HostFacts facts,
            Attached chosen,
            InsideProof proof,
            Shutdown shutdown,
            List<Finding> findings) {
        Map<String, String> left = new java.util.TreeMap<>(place.config());
        left.remove("hostpci" + chosen.index());
        List<String> words = new ArrayList<>();
        HostPciEntry entry = HostPciEntry.parse(chosen.index(), chosen.value());
        String mapping = entry.mapping();
        if (mapping != null) {
            words.add("The name " + mapping + " stays" + others(facts, mapping, place.vmid()) + ".");
        }
        return new DetachPlan(
                place.site().node(),
                place.vmid(),
                place.name(),
                place.running(),
                shutdown,
                chosen.index(),
                chosen.value(),
                chosen.label(),
                chosen.functions().stream()
                        .map(f -> new PlannedFunction(f.address(), f.ids(), f.driver()))
                        .toList(),
                proof,
                GuestStandings.counts(chosen.functions(), GuestStandings.functions(place, facts, left)),
                GuestStandings.config(place, Map.of()).memoryMiB(),
                words,
                findings.stream()
                        .filter(Finding::needsTick)
                        .map(f -> new Accepted(f.check(), f.target().toString(), f.text(), f.evidence()))
                        .toList());
    }

    private static String others(HostFacts facts, String mapping, VmId vmid) {
        List<String> users = facts.guests().stream()
                .filter(g -> !g.vmid().equals(vmid))
                .filter(g -> HostPciEntry.of(g).stream().anyMatch(e -> mapping.equals(e.mapping())))
                .map(GuestConfig::label)
                .toList();
        return users.isEmpty() ? "; no other guest names it" : "; " + String.join(" and ", users) + " names it too";
    }

    /** What the guest may miss more than the device itself. */
    private static List<Finding> lost(GuestPlace place, Attached chosen) {
        List<Finding> findings = new ArrayList<>();
        Target guest = new Target.Guest(place.vmid());
        String boot = place.config().getOrDefault("boot", "");
        String key = "hostpci" + chosen.index();
        String order = boot.replaceFirst("^.*order=", "");
        if (Arrays.asList(order.split("[;,]")).contains(key)) {
            findings.add(Finding.warning(
                    "boot.device",
                    guest,
                    place.label() + " boots from this device, or tries to.",
                    "Change its boot order first.",
                    "boot: " + boot));
        }
        String vga = place.config().getOrDefault("vga", "");
        HostPciEntry entry = HostPciEntry.parse(chosen.index(), chosen.value());
        if (vga.startsWith("none")
                && (entry.flag("x-vga") || chosen.functions().stream().anyMatch(PciFunction::gpu))) {
            findings.add(Finding.warning(
                    "vm.display",
                    guest,
                    "The VM has no display of its own (vga: none): without this card nothing shows what it does.",
                    "Set vga to std or serial0 first.",
                    "vga: " + vga));
        }
        return findings;
    }
}
