package dev.rackhouse.guestsetup;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciAddress;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a person has entered so far.
 *
 * @param name of the guest, as shown
 * @param user who signs in to the guest
 * @param address of the guest, without prefix
 * @param watts power limit by card, as typed; a card without one gets what its maker ships it with; blank: it stays as it is
 */
public record GpuGuestDraft(
        GuestRef guest,
        NodeRef node,
        String name,
        String user,
        String address,
        String image,
        Map<PciAddress, String> watts) {

    public GpuGuestDraft {
        watts = java.util.Collections.unmodifiableMap(new TreeMap<>(watts));
    }

    public GpuGuestDraft withAccess(String newUser, String newAddress) {
        return new GpuGuestDraft(guest, node, name, newUser.strip(), newAddress.strip(), image, watts);
    }

    public GpuGuestDraft withImage(String newImage) {
        return new GpuGuestDraft(guest, node, name, user, address, newImage.strip(), watts);
    }

    public GpuGuestDraft withWatts(PciAddress card, String text) {
        Map<PciAddress, String> changed = new TreeMap<>(watts);
        changed.put(card, text.strip());
        return new GpuGuestDraft(guest, node, name, user, address, image, changed);
    }
}
