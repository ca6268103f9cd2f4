package dev.rackhouse.passthrough;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Seen;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.proxmox.PciMapping;
import dev.rackhouse.proxmox.PveVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the place where a VM shall stand: all that the checks of a draft look at, gathered before, so that they are
 * pure.
 *
 * @param facts of the last complete probe; null: the host was never probed
 * @param seen when; null with {@code facts}
 * @param version null: no Proxmox, or not known
 * @param storages that the node can use
 * @param images disk images that lie on its storages
 * @param taken vmids of the whole cluster
 * @param addressesInUse address without prefix, and who has it
 * @param networks where a network card can be plugged in
 * @param mappings cluster-wide names of devices, with their entries
 * @param consoleKey the public key with which the console signs in to guests; null: it has none for this lab
 * @param ssh whether the console reaches the node by SSH
 * @param reported what is known beside the probe
 */
public record Site(
        NodeRef node,
        String labName,
        @Nullable HostFacts facts,
        @Nullable Seen seen,
        @Nullable PveVersion version,
        List<Storage> storages,
        List<Image> images,
        Set<VmId> taken,
        Map<String, String> addressesInUse,
        List<Network> networks,
        Map<String, List<PciMapping>> mappings,
        @Nullable String consoleKey,
        boolean ssh,
        Reported reported) {

    /** A place of which nothing is told beside the probe. */
    public Site(
            NodeRef node,
            String labName,
            @Nullable HostFacts facts,
            @Nullable Seen seen,
            @Nullable PveVersion version,
            List<Storage> storages,
            List<Image> images,
            Set<VmId> taken,
            Map<String, String> addressesInUse,
            List<Network> networks,
            Map<String, List<PciMapping>> mappings,
            @Nullable String consoleKey,
            boolean ssh) {
        this(
                node,
                labName,
                facts,
                seen,
                version,
                storages,
                images,
                taken,
                addressesInUse,
                networks,
                mappings,
                consoleKey,
                ssh,
                Reported.NOTHING);
    }

    /** @param available null when not known */
    public record Storage(
            String name,
            String type,
            List<String> content,
            @Nullable ByteSize available) {
        public Storage {
            content = List.copyOf(content);
        }

        public boolean holds(String kind) {
            return content.contains(kind);
        }
    }

    /** @param size null when not known */
    public record Image(String volume, @Nullable ByteSize size) {}

    /**
     * A bridge, with what is known about the network behind it.
     *
     * @param vids VLANs that it lets through, as written; null: all, or not told
     * @param tag the VLAN that the other values are of; null: untagged
     * @param cidr an address of that network, with prefix; null: not known
     * @param gateway null: not known
     */
    public record Network(
            String bridge,
            boolean vlanAware,
            @Nullable String vids,
            @Nullable Integer tag,
            @Nullable String cidr,
            @Nullable String gateway) {}

    public Site {
        storages = List.copyOf(storages);
        images = List.copyOf(images);
        taken = Set.copyOf(taken);
        addressesInUse = Map.copyOf(addressesInUse);
        networks = List.copyOf(networks);
        mappings = Map.copyOf(mappings);
    }

    public Optional<Storage> storage(String name) {
        return storages.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    public Optional<Network> network(String bridge, @Nullable Integer tag) {
        return networks.stream()
                .filter(n -> n.bridge().equals(bridge) && java.util.Objects.equals(n.tag(), tag))
                .findFirst();
    }

    public Optional<Network> bridge(String name) {
        return networks.stream().filter(n -> n.bridge().equals(name)).findFirst();
    }
}
