package dev.rackhouse.renumbering;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.inventory.fact.HardwareNames;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.NetInterface;
import dev.rackhouse.inventory.fact.PciFunction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One device with all its functions, as one layout shows it: what moves as a whole. Virtual functions are not counted, they come and
 * go with a setting.
 *
 * @param kind what it is, the same wherever it stands: ids, subsystem and class of each function
 * @param place where it hangs, in a form that survives other bus numbers: device and function of each bridge above it, from the root
 * @param serial what only this one has: a MAC address, or what somebody else knows about it; null when nothing tells
 * @param drive what an NVMe controller brings along, by model and size: drives of many sizes have the same ids. Null for all others,
 *     and when the host does not see its drive
 */
public record Card(
        PciSlot slot,
        List<PciFunction> functions,
        String kind,
        String place,
        @Nullable String serial,
        @Nullable String drive) {

    private static final int NVME = 0x0108;

    public Card {
        functions = List.copyOf(functions);
    }

    /**
     * All of a host, by slot.
     *
     * @param serials known from elsewhere, by function
     */
    static List<Card> of(HostFacts facts, Map<PciAddress, String> serials) {
        Map<PciSlot, List<PciFunction>> slots = new LinkedHashMap<>();
        facts.functions().stream()
                .filter(f -> !f.virtualFunction())
                .forEach(f ->
                        slots.computeIfAbsent(f.slot(), s -> new ArrayList<>()).add(f));
        List<String> roots = List.copyOf(facts.functions().stream()
                .filter(f -> f.ancestors().isEmpty())
                .map(f -> root(f.address()))
                .collect(Collectors.toCollection(TreeSet::new)));
        List<Card> cards = new ArrayList<>();
        slots.forEach((slot, functions) -> cards.add(new Card(
                slot,
                functions,
                functions.stream().map(Card::kind).collect(Collectors.joining(" ")),
                place(functions.getFirst(), roots),
                serial(facts, functions, serials),
                drive(facts, functions))));
        return cards;
    }

    private static String kind(PciFunction f) {
        return "%d %s %s %06x"
                .formatted(
                        f.address().function(), f.ids(), Objects.requireNonNullElse(f.subsystem(), "-"), f.classCode());
    }

    private static String place(PciFunction function, List<String> roots) {
        PciAddress top = function.ancestors().isEmpty()
                ? function.address()
                : function.ancestors().getFirst();
        return "root " + roots.indexOf(root(top)) + " "
                + function.ancestors().stream()
                        .map(a -> "%02x.%d/".formatted(a.device(), a.function()))
                        .collect(Collectors.joining())
                + "%02x".formatted(function.address().device());
    }

    private static String root(PciAddress address) {
        return "%08x:%02x".formatted(address.domain(), address.bus());
    }

    private static @Nullable String serial(
            HostFacts facts, List<PciFunction> functions, Map<PciAddress, String> serials) {
        List<PciAddress> addresses =
                functions.stream().map(PciFunction::address).toList();
        Optional<String> told =
                addresses.stream().map(serials::get).filter(Objects::nonNull).findFirst();
        String macs = facts.interfaces().stream()
                .filter(i -> addresses.contains(i.controller()) && !i.mac().isBlank())
                .map(NetInterface::mac)
                .sorted()
                .collect(Collectors.joining(" "));
        return told.orElse(macs.isEmpty() ? null : macs);
    }

    private static @Nullable String drive(HostFacts facts, List<PciFunction> functions) {
        List<PciAddress> controllers = functions.stream()
                .filter(f -> f.subclass() == NVME)
                .map(PciFunction::address)
                .toList();
        String drives = facts.blocks().stream()
                .filter(b -> controllers.contains(b.controller()) && b.disk() == null)
                .map(b -> Objects.requireNonNullElse(b.model(), "") + " "
                        + b.size().bytes())
                .sorted()
                .collect(Collectors.joining(", "));
        return drives.isEmpty() ? null : drives;
    }

    /** Whether nothing speaks against it that this is the other one, elsewhere: what both show is equal. */
    boolean couldBe(Card other) {
        return (serial == null || other.serial == null || serial.equals(other.serial))
                && (drive == null || other.drive == null || drive.equals(other.drive));
    }

    public PciFunction first() {
        return functions.getFirst();
    }

    /** {@code NVIDIA GeForce RTX 2080 SUPER} */
    public String label() {
        return HardwareNames.describe(first());
    }

    /** Bridges and parts of the platform move too, but nobody gives them to a guest. */
    public boolean passable() {
        return functions.stream().anyMatch(PciFunction::passable);
    }

    /** Its IOMMU groups, by function. */
    List<@Nullable Integer> groups() {
        List<@Nullable Integer> groups = new ArrayList<>();
        functions.forEach(f -> groups.add(f.group()));
        return groups;
    }
}
