package dev.rackhouse.passthrough;

import static dev.rackhouse.passthrough.Finding.blocker;
import static dev.rackhouse.passthrough.Rule.when;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.fact.BlastRadius;
import dev.rackhouse.inventory.fact.DeviceUse;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.IommuGroup;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Checks of IOMMU groups: who else is in them, and whether they can be believed. */
final class GroupRules {

    private GroupRules() {}

    static List<Finding> none(Candidate c) {
        List<PciFunction> without = c.functions().stream()
                .filter(f -> !f.bridge() && (f.withoutGroup() || f.group() == null))
                .toList();
        return when(
                c.facts().iommuOn() && !without.isEmpty(),
                () -> blocker(
                        "group.none",
                        c.target(),
                        DeviceRules.names(without)
                                + " is in no IOMMU group: nothing would keep it from the host's memory.",
                        "Use another slot.",
                        without.getFirst().line("nogroup")));
    }

    static List<Finding> shared(Candidate c) {
        List<PciFunction> strangers = BlastRadius.strangers(c.facts(), c.functions()).stream()
                .filter(f -> !c.isPlanned(f))
                .toList();
        if (c.any(PciFunction::bridge)) {
            return List.of();
        }
        List<PciAddress> silent =
                c.radius().stream().filter(a -> c.facts().function(a).isEmpty()).toList();
        if (!silent.isEmpty()) {
            return List.of(Finding.unknownBlocker(
                    "group.shared",
                    c.target(),
                    "Its IOMMU group holds " + silent
                            + ", of which the host shows nothing: what would leave with it is unknown.",
                    "Read the host again. Not possible as long as it is unknown.",
                    groups(c).stream().map(IommuGroup::line).toArray(String[]::new)));
        }
        if (strangers.isEmpty()) {
            return List.of();
        }
        boolean needed = strangers.stream().anyMatch(f -> reasonToKeep(c, f).isPresent());
        List<String> evidence = new ArrayList<>();
        groups(c).forEach(g -> evidence.add(g.line()));
        strangers.forEach(f -> evidence.add(f.driverLine()));
        String list = strangers.stream()
                .map(f -> DeviceRules.names(List.of(f)) + ": "
                        + reasonToKeep(c, f).orElse("not used by the host"))
                .reduce((a, b) -> a + "; " + b)
                .orElse("");
        return List.of(Finding.of(
                "group.shared",
                needed ? Severity.BLOCKER : Severity.WARNING,
                c.target(),
                "Its IOMMU group holds other devices, and Proxmox takes them all from the host at VM start. " + list
                        + ".",
                "Use another slot, or pass all of them. Last resort: pcie_acs_override, with what that means for isolation.",
                evidence));
    }

    /** Why the host, or another guest, cannot do without it. */
    private static Optional<String> reasonToKeep(Candidate c, PciFunction f) {
        List<Protection> protections = c.needed().of(f.address()).stream()
                .filter(p -> p.kind() != Protection.Kind.CONSOLE)
                .toList();
        if (!protections.isEmpty()) {
            return Optional.of(protections.getFirst().text());
        }
        Optional<DeviceUse.Holder> holder = DeviceUse.holder(c.facts(), c.uses(), f.address());
        if (holder.isPresent() && !holder.get().vmid().equals(c.forGuest())) {
            return Optional.of("held by running guest " + holder.get().vmid());
        }
        if (!DeviceRules.hostUses(f)) {
            return Optional.empty();
        }
        boolean carries = c.facts().blocks().stream().anyMatch(b -> f.address().equals(b.controller()))
                || c.facts().interfaces().stream().anyMatch(i -> f.address().equals(i.controller()) && i.up())
                || c.facts().usb().stream().anyMatch(u -> f.address().equals(u.controller()) && !u.rootHub())
                || Boolean.TRUE.equals(f.bootVga());
        return carries ? Optional.of("in use by the host, driver " + f.driver()) : Optional.empty();
    }

    static List<Finding> rmrr(Candidate c) {
        return groups(c).stream()
                .filter(IommuGroup::rmrr)
                .map(g -> blocker(
                        "fw.rmrr",
                        c.target(),
                        "The firmware keeps direct rights on this device's memory (RMRR), so the kernel refuses to give it away.",
                        "Use another slot, or the vendor's tool that turns RMRR off for it.",
                        g.line()))
                .limit(1)
                .toList();
    }

    static List<Finding> overridden(Candidate c) {
        List<String> evidence = c.override();
        return when(
                !evidence.isEmpty() && !c.any(PciFunction::bridge),
                () -> Finding.of(
                        "group.acs",
                        Severity.WARNING,
                        c.target(),
                        "The kernel was told to split IOMMU groups (ACS override). The groups are an assertion, not a measurement:"
                                + " devices below one port may still reach each other.",
                        "Use it for guests you trust only.",
                        evidence));
    }

    /** The word, the boot line, or GPUs whose functions sit in groups of their own, which hardware does not do. */
    static List<String> evidenceOfOverride(HostFacts facts) {
        List<String> evidence = new ArrayList<>();
        if (facts.kernelWords().stream().anyMatch(w -> w.startsWith("pcie_acs_override"))) {
            evidence.add("K cmdline " + facts.key("cmdline"));
        }
        facts.lines("dmesg").stream()
                .filter(l -> l.contains("ACS overrides enabled"))
                .limit(1)
                .forEach(l -> evidence.add("L dmesg " + l));
        if (evidence.isEmpty()) {
            facts.functions().stream()
                    .filter(f -> f.display() && f.nvidia() && f.address().function() == 0)
                    .filter(f -> facts.functions(f.slot()).stream()
                                    .map(PciFunction::group)
                                    .filter(Objects::nonNull)
                                    .distinct()
                                    .count()
                            > 1)
                    .limit(1)
                    .forEach(f -> facts.functions(f.slot()).stream()
                            .flatMap(part -> Optional.ofNullable(part.group()).flatMap(facts::group).stream())
                            .forEach(g -> evidence.add(g.line())));
        }
        return evidence;
    }

    private static List<IommuGroup> groups(Candidate c) {
        return c.functions().stream()
                .map(PciFunction::group)
                .filter(Objects::nonNull)
                .distinct()
                .flatMap(n -> c.facts().group(n).stream())
                .toList();
    }
}
