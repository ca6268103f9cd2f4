package dev.rackhouse.inventory;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.fact.HardwareNames;
import dev.rackhouse.inventory.fact.PciFunction;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a device is called on screens. */
final class DeviceNames {

    private DeviceNames() {}

    /**
     * Our own short name; for ids that are not in the table, Proxmox's.
     *
     * @param code six hex digits
     */
    static String of(PciAddress address, String ids, String code, @Nullable String vendor, @Nullable String device) {
        String[] id = ids.split(":");
        var attributes = new LinkedHashMap<String, String>();
        attributes.put("vendor", "0x" + id[0]);
        attributes.put("device", "0x" + id[1]);
        attributes.put("class", "0x" + code);
        String ours = HardwareNames.describe(new PciFunction(address, attributes, null, null, List.of()));
        if (!ours.contains(ids) || device == null) {
            return ours;
        }
        return vendor == null ? device : vendor + " " + device;
    }
}
