package dev.rackhouse.proxmox;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code netN}, of VMs and of containers.
 *
 * @param model VMs: {@code virtio}, {@code e1000}...; null for containers
 * @param name containers: {@code eth0}; null for VMs
 * @param mac upper case; null to let the server choose
 * @param bridge null for a card without a cable
 * @param tag VLAN 1 to 4094; null for untagged
 * @param trunks VLANs let through tagged, {@code 10-20;30}
 * @param others all other keys
 */
public record NetDevice(
        @Nullable String model,
        @Nullable String name,
        @Nullable String mac,
        @Nullable String bridge,
        @Nullable Integer tag,
        @Nullable String trunks,
        boolean firewall,
        boolean linkDown,
        SequencedMap<String, String> others) {

    private static final Set<String> MODELS = Set.of(
            "e1000",
            "e1000-82540em",
            "e1000-82544gc",
            "e1000-82545em",
            "e1000e",
            "i82551",
            "i82557b",
            "i82559er",
            "ne2k_isa",
            "ne2k_pci",
            "pcnet",
            "rtl8139",
            "virtio",
            "vmxnet3");

    public NetDevice {
        if (tag != null && (tag < 1 || tag > 4094)) {
            throw new IllegalArgumentException(tag + " is no VLAN: 1 to 4094");
        }
        if (mac != null && !mac.matches("[A-Fa-f0-9][02468ACEace](:[A-Fa-f0-9]{2}){5}")) {
            throw new IllegalArgumentException("'" + mac + "' is no unicast MAC address");
        }
        mac = mac == null ? null : mac.toUpperCase(Locale.ROOT);
        others = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(others));
    }

    /** A virtio card of a VM; the server chooses the MAC. */
    public static NetDevice virtio(String bridge, @Nullable Integer tag) {
        return new NetDevice("virtio", null, null, bridge, tag, null, false, false, new LinkedHashMap<>());
    }

    /** @throws IllegalArgumentException when it is not written as Proxmox writes it */
    public static NetDevice parse(String text) {
        PropertyString p = PropertyString.parse(text, "model");
        String model = p.take("model");
        String mac = p.take("macaddr");
        for (String key : Set.copyOf(p.keys())) {
            if (MODELS.contains(key)) {
                model = key;
                mac = p.take(key);
            }
        }
        String hwaddr = p.take("hwaddr");
        return new NetDevice(
                model,
                p.take("name"),
                mac == null ? hwaddr : mac,
                p.take("bridge"),
                p.whole("tag", 1, 4094),
                p.take("trunks"),
                p.flag("firewall", false),
                p.flag("link_down", false),
                p.rest());
    }

    public String print() {
        PropertyString p = PropertyString.empty();
        if (model != null) {
            p.put(mac == null ? "model" : model, mac == null ? model : mac);
        }
        p.put("name", name);
        if (model == null) {
            p.put("hwaddr", mac);
        }
        return p.put("bridge", bridge)
                .put("tag", tag)
                .put("trunks", trunks)
                .flagIf("firewall", firewall, false)
                .flagIf("link_down", linkDown, false)
                .putAll(others)
                .print("model");
    }
}
