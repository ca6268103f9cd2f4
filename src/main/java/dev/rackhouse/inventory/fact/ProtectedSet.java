package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.PciAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a host needs to live, computed from its facts: nothing passes it by.
 *
 * @param unplacedDisks disks that the host needs and that could not be traced to a PCI function, with the reason why it needs them; as
 *     long as there is one, a device that may carry disks counts as unknown, never as free
 * @param unplacedInterfaces the same of its network
 */
public record ProtectedSet(List<Protection> protections, List<String> unplacedDisks, List<String> unplacedInterfaces) {

    public ProtectedSet {
        protections = List.copyOf(protections);
        unplacedDisks = List.copyOf(unplacedDisks);
        unplacedInterfaces = List.copyOf(unplacedInterfaces);
    }

    public static ProtectedSet of(HostFacts facts) {
        StorageStack storage = StorageStack.of(facts);
        NetworkStack network = NetworkStack.of(facts);
        List<Protection> all = new ArrayList<>(storage.protections());
        all.addAll(network.protections());
        for (UsbDevice device : facts.usb()) {
            PciAddress controller = device.controller();
            if (controller != null && !device.rootHub() && (device.keyboard() || device.powerSupply())) {
                all.add(new Protection(
                        Protection.Kind.CONSOLE_USB,
                        controller,
                        List.of(
                                controller.toString(),
                                "usb " + device.name(),
                                device.product().isEmpty() ? device.id() : device.product())));
            }
        }
        all.addAll(Dependencies.of(facts, all));
        facts.functions().stream()
                .filter(PciFunction::managementDisplay)
                .map(ProtectedSet::remoteConsole)
                .forEach(all::add);
        lastScreen(facts).ifPresent(all::add);
        List<String> disks = new ArrayList<>(storage.unplaced());
        if (disks.isEmpty()
                && storage.remote().isEmpty()
                && all.stream().noneMatch(p -> p.kind() == Protection.Kind.BOOT)) {
            disks.add("the filesystem of /: not shown");
        }
        List<String> interfaces = new ArrayList<>(network.unplaced());
        interfaces.addAll(storage.remote());
        if (interfaces.isEmpty() && all.stream().noneMatch(p -> p.kind() == Protection.Kind.MANAGEMENT)) {
            interfaces.add("the way to this host: no default route is shown");
        }
        return new ProtectedSet(all, disks, interfaces);
    }

    /** Other screens do not replace it: they are seen only by somebody who stands before the host. */
    private static Protection remoteConsole(PciFunction screen) {
        return new Protection(
                Protection.Kind.CONSOLE,
                screen.address(),
                List.of(
                        screen.address().toString(),
                        "the management controller's screen",
                        "the remote console of this host"));
    }

    /** The display that the firmware chose, when no other one is left to the host. */
    private static Optional<Protection> lastScreen(HostFacts facts) {
        List<PciFunction> screens = facts.functions().stream()
                .filter(f -> f.display() && !f.virtualFunction() && !f.gone())
                .filter(f -> Boolean.TRUE.equals(f.bootVga()) || f.driver() != null && !"vfio-pci".equals(f.driver()))
                .toList();
        return screens.size() == 1 && !screens.getFirst().managementDisplay()
                ? Optional.of(new Protection(
                        Protection.Kind.CONSOLE,
                        screens.getFirst().address(),
                        List.of(
                                screens.getFirst().address().toString(),
                                Boolean.TRUE.equals(screens.getFirst().bootVga())
                                        ? "the firmware's primary display"
                                        : "driver " + screens.getFirst().driver(),
                                "the only screen of this host")))
                : Optional.empty();
    }

    /** Why the host needs any of these, of one kind. */
    public List<Protection> of(Protection.Kind kind, Collection<PciAddress> functions) {
        return protections.stream()
                .filter(p -> p.kind() == kind && functions.contains(p.function()))
                .toList();
    }

    /** Why the host needs this function; empty when it does not. */
    public List<Protection> of(PciAddress function) {
        return protections.stream().filter(p -> p.function().equals(function)).toList();
    }
}
