package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A guest of this host whose configuration names devices.
 *
 * @param parts what it names on this host; a mapping with several lines for this host names alternatives
 */
public record DeviceUse(GuestConfig guest, HostPciEntry entry, List<PathList.Part> parts) {

    public DeviceUse {
        parts = List.copyOf(parts);
    }

    public boolean names(PciAddress function) {
        return parts.stream().anyMatch(p -> p.names(function));
    }

    /** By address, not through a resource mapping. */
    public boolean raw() {
        return entry.mapping() == null;
    }

    /** The record as the probe printed it. */
    public String line() {
        return guest.line(entry.key());
    }

    /** All uses on this host, mappings resolved through the mapping file. A mapping that is not there names nothing. */
    public static List<DeviceUse> of(HostFacts facts) {
        List<DeviceUse> uses = new ArrayList<>();
        for (GuestConfig guest : facts.guestsHere()) {
            if (guest.kind() == GuestConfig.Kind.VM) {
                for (HostPciEntry entry : HostPciEntry.of(guest)) {
                    uses.add(new DeviceUse(guest, entry, parts(facts, entry)));
                }
            }
        }
        return uses;
    }

    private static List<PathList.Part> parts(HostFacts facts, HostPciEntry entry) {
        String mapping = entry.mapping();
        if (mapping != null) {
            return facts.mappingsHere().stream()
                    .filter(m -> m.mapping().equals(mapping))
                    .flatMap(m -> m.parts().stream())
                    .toList();
        }
        String host = entry.host();
        return host == null ? List.of() : PathList.parse(host);
    }

    /**
     * The running VM that has this function, with what shows it: Proxmox's reservation by a living process, or a reservation of a VM
     * that is starting; else a running VM whose configuration names it.
     */
    public static Optional<Holder> holder(HostFacts facts, PciAddress function) {
        return holder(facts, of(facts), function);
    }

    /** The same, with the uses that were already looked up. */
    public static Optional<Holder> holder(HostFacts facts, List<DeviceUse> uses, PciAddress function) {
        for (PciReservation reservation : facts.reservations()) {
            if (reservation.address().equals(function)) {
                Optional<RunningGuest> process = facts.running().stream()
                        .filter(r -> r.vmid().equals(reservation.vmid()))
                        .findFirst();
                Long pid = reservation.pid();
                if (process.isPresent() && (pid == null || pid == process.get().pid())) {
                    return Optional.of(new Holder(
                            reservation.vmid(),
                            List.of(reservation.line(), process.get().line())));
                }
                java.time.Instant until = reservation.until();
                java.time.Instant now = facts.now();
                if (until != null && now != null && until.isAfter(now)) {
                    return Optional.of(new Holder(reservation.vmid(), List.of(reservation.line())));
                }
            }
        }
        return uses.stream()
                .filter(use -> use.names(function) && facts.runs(use.guest().vmid()))
                .filter(use -> use.entry().mapping() == null || !reservedElsewhere(facts, use, function))
                .findFirst()
                .map(use -> new Holder(
                        use.guest().vmid(),
                        List.of(use.line(), "RUN " + use.guest().vmid())));
    }

    /** A mapping with alternatives: the running guest took another one of them. */
    private static boolean reservedElsewhere(HostFacts facts, DeviceUse use, PciAddress function) {
        return facts.reservations().stream()
                .anyMatch(r -> r.vmid().equals(use.guest().vmid())
                        && use.names(r.address())
                        && !r.address().slot().equals(function.slot()));
    }

    /** Who has a device now. */
    public record Holder(dev.rackhouse.base.VmId vmid, List<String> evidence) {
        public Holder {
            evidence = List.copyOf(evidence);
        }
    }
}
