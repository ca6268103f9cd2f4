package dev.rackhouse.passthrough;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.GuestConfigView;
import dev.rackhouse.inventory.GuestView;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.MappingView;
import dev.rackhouse.inventory.NetworkView;
import dev.rackhouse.inventory.NodeFacts;
import dev.rackhouse.inventory.NodeView;
import dev.rackhouse.inventory.StorageView;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.MappingEntry;
import dev.rackhouse.lab.Labs;
import dev.rackhouse.proxmox.IpConfig;
import dev.rackhouse.proxmox.PciMapping;
import dev.rackhouse.proxmox.PveMappings;
import dev.rackhouse.proxmox.PveStorages;
import dev.rackhouse.proxmox.PveVersion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Places as the inventory knows them. Asks a node itself only for the images on its storages, once each time a place is opened. */
@Component
class InventorySites implements Sites {

    private final Inventory inventory;
    private final Labs labs;

    InventorySites(Inventory inventory, Labs labs) {
        this.inventory = inventory;
        this.labs = labs;
    }

    @Override
    public List<NodeRef> nodes() {
        return inventory.nodes().stream()
                .filter(n -> n.platform().equals("proxmox") && n.goneAt() == null)
                .sorted(Comparator.comparing(NodeView::labName).thenComparing(NodeView::name))
                .map(NodeView::ref)
                .toList();
    }

    @Override
    public String labName(NodeRef node) {
        return labs.nameOf(node.lab()).orElse("removed lab");
    }

    @Override
    public Optional<Site> probe(NodeRef node) {
        inventory.probe(node);
        return find(node);
    }

    @Override
    public Optional<Site> find(NodeRef node) {
        return inventory.node(node).filter(n -> n.goneAt() == null).map(this::site);
    }

    private Site site(NodeView node) {
        NodeRef ref = node.ref();
        Optional<NodeFacts> facts = inventory.facts(ref);
        HostFacts host = facts.map(NodeFacts::facts).orElse(null);
        List<StorageView> storages = inventory.storages(ref);
        List<GuestView> guests = inventory.guests().stream()
                .filter(g -> g.ref().lab().equals(ref.lab()) && g.goneAt() == null)
                .toList();
        Map<String, String> addresses = addresses(ref, guests, host);
        String key = labs.publicKey(ref.lab());
        return new Site(
                ref,
                node.labName(),
                host,
                facts.map(NodeFacts::seen).orElse(null),
                version(node, host),
                storages.stream().map(InventorySites::storage).toList(),
                images(ref, storages),
                taken(guests, host),
                addresses,
                networks(ref, guests, host),
                mappings(ref.lab(), host),
                key.isBlank() ? null : key,
                labs.find(ref.lab()).flatMap(l -> l.host(ref.node())).isPresent(),
                reported(ref));
    }

    /** Proxmox compares mappings with hardware only when it is asked; one call, each time a place is opened. */
    private Reported reported(NodeRef node) {
        List<Reported.MappingCheck> checks = new ArrayList<>();
        try {
            for (PveMappings.Mapping mapping :
                    labs.proxmox(node.lab()).mappings().pci(node.node())) {
                mapping.findings()
                        .forEach(f -> checks.add(new Reported.MappingCheck(
                                mapping.id(), f.severity().equals("error"), f.message())));
            }
        } catch (RemoteFailure notTold) {
            // our own comparison of the mapping file with the hardware still speaks
        }
        return Told.reported(inventory, node, checks);
    }

    private static @Nullable PveVersion version(NodeView node, @Nullable HostFacts host) {
        String shown = node.host() == null ? null : node.host().pveVersion();
        String text = shown != null ? shown : host == null ? null : host.pveRelease();
        try {
            return text == null ? null : PveVersion.parse(text);
        } catch (IllegalArgumentException notOne) {
            return null;
        }
    }

    private static Site.Storage storage(StorageView s) {
        ByteSize total = s.total();
        ByteSize used = s.used();
        ByteSize free = total == null || used == null ? null : new ByteSize(Math.max(0, total.bytes() - used.bytes()));
        return new Site.Storage(s.storage(), Objects.requireNonNullElse(s.type(), ""), s.content(), free);
    }

    /** Nobody collects what lies on storages, so the node is asked; one that does not answer has no images to offer. */
    private List<Site.Image> images(NodeRef node, List<StorageView> storages) {
        List<Site.Image> images = new ArrayList<>();
        for (StorageView storage : storages) {
            if (storage.content().contains("import") && storage.status().equals("available")) {
                try {
                    for (PveStorages.Volume volume :
                            labs.proxmox(node.lab()).storages().content(node.node(), storage.storage(), "import")) {
                        OptionalLong size = volume.sizeBytes();
                        images.add(new Site.Image(
                                volume.id(), size.isPresent() ? new ByteSize(Math.max(0, size.getAsLong())) : null));
                    }
                } catch (RemoteFailure notListed) {
                    // the wizard then offers the download; what else is wrong with the node shows in the checks
                }
            }
        }
        return images;
    }

    private static Set<VmId> taken(List<GuestView> guests, @Nullable HostFacts host) {
        Set<VmId> taken = guests.stream().map(g -> g.ref().vmid()).collect(Collectors.toCollection(LinkedHashSet::new));
        if (host != null) {
            host.guests().forEach(g -> taken.add(g.vmid()));
        }
        return taken;
    }

    /** Addresses that hosts have, that cloud-init gives to VMs, and that containers are set to. */
    private Map<String, String> addresses(NodeRef node, List<GuestView> guests, @Nullable HostFacts host) {
        Map<String, String> taken = new LinkedHashMap<>();
        if (host != null) {
            host.addresses().forEach(a -> taken.put(a.address(), node.node()));
        }
        for (NodeView other : inventory.nodes()) {
            for (NetworkView network : inventory.networks(other.ref())) {
                put(taken, network.cidr(), other.name());
                put(taken, network.gateway(), "a gateway");
            }
        }
        for (GuestView guest : guests) {
            config(guest.ref()).forEach((name, value) -> {
                if (name.matches("ipconfig[0-9]+")) {
                    ipConfig(value).ifPresent(c -> put(taken, c.ip(), "guest " + guest.label()));
                } else if (name.matches("net[0-9]+") && value.contains(",ip=")) {
                    put(taken, value.replaceFirst(".*,ip=([^,]*).*", "$1"), "guest " + guest.label());
                }
            });
        }
        return taken;
    }

    private static void put(Map<String, String> taken, @Nullable String cidr, String owner) {
        if (cidr != null) {
            Ipv4Network.find(cidr).ifPresent(a -> taken.putIfAbsent(a.host(), owner));
        }
    }

    private Map<String, String> config(GuestRef guest) {
        return inventory
                .config(guest)
                .map(GuestConfigView::values)
                .<Map<String, String>>map(v -> v)
                .orElse(Map.of());
    }

    private static Optional<IpConfig> ipConfig(String text) {
        try {
            return Optional.of(IpConfig.parse(text));
        } catch (IllegalArgumentException notOne) {
            return Optional.empty();
        }
    }

    /** Each bridge untagged, each VLAN interface on a bridge, and each VLAN in which a guest's address tells the network. */
    private List<Site.Network> networks(NodeRef node, List<GuestView> guests, @Nullable HostFacts host) {
        List<NetworkView> seen = inventory.networks(node);
        List<Site.Network> networks = new ArrayList<>();
        for (NetworkView bridge : seen) {
            if (bridge.bridge()) {
                networks.add(new Site.Network(
                        bridge.name(), bridge.vlanAware(), bridge.vids(), null, bridge.cidr(), gateway(bridge)));
                networks.addAll(tagged(bridge, seen, guests));
            }
        }
        return networks.isEmpty() && host != null ? HostNetworks.of(host) : networks;
    }

    /** Behind a bridge without a port there is only the host itself: it is the gateway, if there is one. */
    private static @Nullable String gateway(NetworkView bridge) {
        String cidr = bridge.cidr();
        return bridge.gateway() != null || cidr == null || !bridge.ports().isEmpty()
                ? bridge.gateway()
                : Ipv4Network.find(cidr).map(Ipv4Network::host).orElse(null);
    }

    private List<Site.Network> tagged(NetworkView bridge, List<NetworkView> seen, List<GuestView> guests) {
        Map<Integer, Site.Network> byTag = new LinkedHashMap<>();
        for (NetworkView vlan : seen) {
            Integer tag = vlan.vlan();
            if (tag != null && bridge.name().equals(vlan.rawDevice()) && tag >= 1 && tag <= 4094) {
                byTag.put(tag, network(bridge, tag, vlan.cidr(), vlan.gateway()));
            }
        }
        for (NetworkView.Nic nic : bridge.nics()) {
            Integer tag = nic.vlan();
            boolean known = guests.stream().anyMatch(g -> g.ref().equals(nic.guest()));
            if (tag != null && known && !byTag.containsKey(tag)) {
                IpConfig ip = ipConfig(config(nic.guest())
                                .getOrDefault("ipconfig" + nic.name().replace("net", ""), ""))
                        .orElse(null);
                String cidr = ip == null || ip.ip() == null || !ip.ip().contains("/") ? null : ip.ip();
                byTag.put(tag, network(bridge, tag, cidr, ip == null ? null : ip.gateway()));
            }
        }
        return List.copyOf(byTag.values());
    }

    private static Site.Network network(NetworkView bridge, int tag, @Nullable String cidr, @Nullable String gateway) {
        return new Site.Network(bridge.name(), bridge.vlanAware(), bridge.vids(), tag, cidr, gateway);
    }

    /** As the API told them; names that only the node's own file shows, as they stand there. */
    private Map<String, List<PciMapping>> mappings(LabId lab, @Nullable HostFacts host) {
        Map<String, List<PciMapping>> mappings = new LinkedHashMap<>();
        if (host != null) {
            for (MappingEntry entry : host.mappings()) {
                List<PciMapping> entries = mappings.computeIfAbsent(entry.mapping(), k -> new ArrayList<>());
                PciMapping.find(entry.text().substring("map ".length()).strip()).ifPresent(entries::add);
            }
        }
        for (MappingView mapping : inventory.mappings(lab)) {
            mappings.put(mapping.id(), mapping.entries());
        }
        return mappings;
    }
}
