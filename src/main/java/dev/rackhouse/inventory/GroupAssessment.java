package dev.rackhouse.inventory;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.inventory.IommuGroupView.Standing;
import dev.rackhouse.inventory.fact.BlastRadius;
import dev.rackhouse.inventory.fact.DeviceUse;
import dev.rackhouse.inventory.fact.HardwareNames;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.IommuGroup;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.ProtectedSet;
import dev.rackhouse.inventory.fact.Protection;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether what stands in an IOMMU group can go to a guest, from the facts of one probe. Pure. At VM start Proxmox takes the whole
 * group from the host, so the group is judged with all slots that reach into it.
 */
final class GroupAssessment {

    /** @param reason half a sentence; empty for an isolated group */
    record Judged(Standing standing, String reason) {}

    private final HostFacts facts;
    private final ProtectedSet protectedSet;

    GroupAssessment(HostFacts facts) {
        this.facts = facts;
        this.protectedSet = ProtectedSet.of(facts);
    }

    ProtectedSet protectedSet() {
        return protectedSet;
    }

    /** @param labels how guests are called, by vmid; the number where one is missing */
    Judged judge(int group, Map<Integer, String> labels) {
        Optional<IommuGroup> found = facts.group(group);
        if (found.isEmpty()) {
            return new Judged(Standing.UNKNOWN, "the last probe does not know this group");
        }
        List<PciFunction> members = found.get().members().stream()
                .flatMap(a -> facts.function(a).stream())
                .toList();
        List<PciSlot> slots = members.stream()
                .filter(PciFunction::passable)
                .map(PciFunction::slot)
                .distinct()
                .toList();
        if (slots.isEmpty()) {
            return new Judged(Standing.PLATFORM, "bridges and parts of the platform");
        }
        List<PciFunction> along =
                slots.stream().flatMap(s -> facts.functions(s).stream()).toList();
        Collection<PciAddress> radius = BlastRadius.of(facts, along);
        Optional<Protection> needed = protectedSet.protections().stream()
                .filter(p -> p.kind() != Protection.Kind.CONSOLE && radius.contains(p.function()))
                .findFirst();
        if (needed.isPresent()) {
            return new Judged(
                    Standing.BLOCKED, "the host needs it: " + needed.get().text());
        }
        if (found.get().rmrr()) {
            return new Judged(Standing.BLOCKED, "the firmware keeps memory of it for itself (RMRR)");
        }
        Optional<String> used = radius.stream()
                .flatMap(a -> DeviceUse.holder(facts, a).stream()
                        .map(h -> what(a) + " used by guest "
                                + labels.getOrDefault(h.vmid().value(), h.vmid().toString())))
                .findFirst();
        if (used.isPresent()) {
            return new Judged(Standing.BLOCKED, used.get());
        }
        List<PciSlot> others = slots.size() > 1 ? slots.subList(1, slots.size()) : List.of();
        List<PciFunction> strangers = BlastRadius.strangers(
                facts,
                along.stream().filter(f -> f.slot().equals(slots.getFirst())).toList());
        if (!others.isEmpty() || !strangers.isEmpty()) {
            String names = strangers.stream()
                    .map(f -> f.address() + " " + HardwareNames.describe(f))
                    .limit(3)
                    .collect(Collectors.joining(", "));
            return new Judged(
                    Standing.SHARED,
                    names.isEmpty()
                            ? "several devices stand in it and go together"
                            : "with " + names + (strangers.size() > 3 ? " and others" : "") + ": they go together");
        }
        return new Judged(Standing.ISOLATED, "");
    }

    private String what(PciAddress address) {
        return facts.function(address)
                .map(f -> PciKinds.word(PciKinds.of("%06x".formatted(f.classCode()), f.bridge(), f.ids())))
                .orElse("device");
    }
}
