package dev.rackhouse.passthrough;

import dev.rackhouse.inventory.fact.HardwareNames;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PathList;
import dev.rackhouse.inventory.fact.PciFunction;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A device that can be chosen for a guest.
 *
 * @param path as a draft holds it: {@code 0000:0e:00} or {@code 0000:05:00.0}
 * @param label {@code NVIDIA GeForce RTX 2080 SUPER}
 * @param ids of its functions
 * @param groups its IOMMU groups, as text; {@code none} without
 * @param drivers that have its functions now
 * @param blocker why it cannot be given away; null when it can
 * @param warnings how many things are to be confirmed
 */
public record DeviceChoice(
        String path,
        String label,
        boolean gpu,
        String ids,
        String groups,
        String drivers,
        @Nullable Finding blocker,
        int warnings) {

    /**
     * All devices of a host that make sense for a guest: whole slots, and functions that stand in a group of their own. GPUs first,
     * of them and of the rest first what can be given. A management controller's screen is none of the GPUs, and comes last of all.
     */
    public static List<DeviceChoice> of(HostFacts facts) {
        return of(Examined.of(facts));
    }

    static List<DeviceChoice> of(Examined host) {
        return Findings.targets(host.facts()).stream()
                .flatMap(t -> choice(host, t).stream())
                .sorted(Comparator.comparing((DeviceChoice c) -> !c.gpu())
                        .thenComparing(c -> managementDisplay(host.facts(), c))
                        .thenComparing(c -> c.blocker() != null)
                        .thenComparing(DeviceChoice::onTheBoard)
                        .thenComparing(DeviceChoice::path))
                .toList();
    }

    /** On the root bus sits what is part of the processor or the board, such as its own graphics: a card in a slot is meant first. */
    private boolean onTheBoard() {
        return path.startsWith("0000:00:");
    }

    private static boolean managementDisplay(HostFacts facts, DeviceChoice choice) {
        return PathList.parse(choice.path()).stream()
                .anyMatch(part ->
                        facts.functions().stream().anyMatch(f -> f.managementDisplay() && part.names(f.address())));
    }

    /** The path by which a device of another page is offered: its own, or that of its slot where the slot goes as a whole. */
    public static String pathFor(List<DeviceChoice> choices, String device) {
        List<String> paths = choices.stream().map(DeviceChoice::path).toList();
        return paths.contains(device)
                ? device
                : paths.stream()
                        .filter(p -> device.startsWith(p + "."))
                        .findFirst()
                        .orElse(device);
    }

    private static Optional<DeviceChoice> choice(Examined host, Target target) {
        HostFacts facts = host.facts();
        List<PciFunction> functions = Candidate.functions(facts, target);
        if (functions.isEmpty() || functions.stream().anyMatch(PciFunction::bridge)) {
            return Optional.empty();
        }
        PciFunction first =
                functions.stream().filter(PciFunction::passable).findFirst().orElse(functions.getFirst());
        boolean partOfSlot = target instanceof Target.Device
                && facts.functions(first.slot()).stream()
                                .filter(f -> !f.virtualFunction())
                                .count()
                        > 1;
        boolean withTheBoard =
                facts.functions(first.slot()).stream().anyMatch(f -> f.platform() && f.baseClass() != 0x13);
        if (target instanceof Target.Device
                && ((first.gpu() || first.display()) && !withTheBoard
                        || partOfSlot && !aloneInItsGroup(facts, first))) {
            return Optional.empty();
        }
        String path = switch (target) {
            case Target.Slot(var slot) -> slot.toString();
            case Target.Device(var address) -> address.toString();
            case Target.Host _, Target.Guest _, Target.Iface _ -> "";
        };
        List<Finding> findings = Findings.ofDevice(host, target, List.of(), null);
        return Optional.of(new DeviceChoice(
                path,
                HardwareNames.describe(first),
                functions.stream().anyMatch(PciFunction::gpu),
                functions.stream().map(PciFunction::ids).collect(Collectors.joining(", ")),
                functions.stream()
                        .map(f -> f.group() == null ? "none" : f.group().toString())
                        .distinct()
                        .collect(Collectors.joining(", ")),
                functions.stream()
                        .map(f -> Objects.requireNonNullElse(f.driver(), "none"))
                        .distinct()
                        .collect(Collectors.joining(", ")),
                findings.stream().filter(Finding::blocks).findFirst().orElse(null),
                (int) findings.stream().filter(Finding::needsTick).count()));
    }

    private static boolean aloneInItsGroup(HostFacts facts, PciFunction function) {
        Integer group = function.group();
        return group != null
                && facts.group(group)
                        .map(g -> g.members().stream()
                                .allMatch(m -> m.equals(function.address())
                                        || facts.function(m)
                                                .map(PciFunction::bridge)
                                                .orElse(false)))
                        .orElse(false);
    }
}
