package dev.rackhouse.inventory;

import dev.rackhouse.base.PciAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What sources say, as rows that can be compared with what is stored. */
final class Rows {

    private Rows() {}

    /** @param unsure the cluster lists the node, but it is down: numbers are missing */
    record NodeRow(
            String node,
            @Nullable String platform,
            @Nullable String status,
            @Nullable Long cpus,
            @Nullable Long memory,
            @Nullable Long rootDisk,
            boolean unsure) {

        static final Kind<NodeRow> KIND = new Kind<>(
                "node",
                "inventory_node",
                List.of(Column.text("node", "", NodeRow::node)),
                List.of(
                        Column.<NodeRow>text("platform", "", NodeRow::platform).ifKnown(),
                        Column.text("status", "status", NodeRow::status),
                        Column.<NodeRow>number("cpus", "CPUs", NodeRow::cpus).ifKnown(),
                        Column.<NodeRow>size("memory", "memory", NodeRow::memory)
                                .ifKnown(),
                        Column.<NodeRow>size("root_disk", "root file system", NodeRow::rootDisk)
                                .ifKnown()
                                .roughly()),
                NodeRow::node,
                NodeRow::node,
                NodeRow::node,
                NodeRow::unsure,
                false);
    }

    /** What a machine says about itself. */
    record HostRow(
            String node,
            @Nullable String bootId,
            @Nullable String pveVersion,
            @Nullable String kernel,
            @Nullable String cpuModel,
            @Nullable Long sockets,
            @Nullable Long cores,
            @Nullable Long threads,
            @Nullable Long memory,
            @Nullable String board,
            @Nullable String bios,
            @Nullable String firmware,
            @Nullable Boolean secureBoot,
            @Nullable String loader,
            @Nullable String cmdline,
            @Nullable Boolean iommu,
            @Nullable Boolean stagedNetwork) {

        static final Kind<HostRow> KIND = new Kind<>(
                "node",
                "inventory_host",
                List.of(Column.text("node", "", HostRow::node)),
                List.of(
                        Column.<HostRow>text("boot_id", "boot", HostRow::bootId).ifKnown(),
                        Column.<HostRow>text("pve_version", "Proxmox VE", HostRow::pveVersion)
                                .ifKnown(),
                        Column.<HostRow>text("kernel", "kernel", HostRow::kernel)
                                .ifKnown(),
                        Column.<HostRow>text("cpu_model", "CPU", HostRow::cpuModel)
                                .ifKnown(),
                        Column.<HostRow>number("sockets", "CPU sockets", HostRow::sockets)
                                .ifKnown(),
                        Column.<HostRow>number("cores", "CPU cores", HostRow::cores)
                                .ifKnown(),
                        Column.<HostRow>number("threads", "CPU threads", HostRow::threads)
                                .ifKnown(),
                        Column.<HostRow>size("memory", "installed memory", HostRow::memory)
                                .ifKnown(),
                        Column.<HostRow>text("board", "board", HostRow::board).ifKnown(),
                        Column.<HostRow>text("bios", "firmware version", HostRow::bios)
                                .ifKnown(),
                        Column.<HostRow>text("firmware", "firmware kind", HostRow::firmware)
                                .ifKnown(),
                        Column.<HostRow>flag("secure_boot", "secure boot", HostRow::secureBoot)
                                .ifKnown(),
                        Column.<HostRow>text("loader", "boot loader", HostRow::loader)
                                .ifKnown(),
                        Column.<HostRow>text("cmdline", "kernel command line", HostRow::cmdline)
                                .ifKnown(),
                        Column.<HostRow>flag("iommu", "IOMMU", HostRow::iommu).ifKnown(),
                        Column.<HostRow>flag("staged_network", "staged network change", HostRow::stagedNetwork)
                                .ifKnown()),
                HostRow::node,
                HostRow::node,
                HostRow::node,
                row -> false,
                false);
    }

    /** A VM or container as the cluster lists it. */
    record GuestRow(
            long vmid,
            String kind,
            @Nullable String name,
            @Nullable String node,
            @Nullable String status,
            @Nullable Boolean template,
            @Nullable Long cpus,
            @Nullable Long memory,
            @Nullable Long disk,
            @Nullable String tags,
            @Nullable String pool,
            @Nullable String lock,
            @Nullable String ha,
            boolean unsure) {

        static final Kind<GuestRow> KIND = new Kind<>(
                "guest",
                "inventory_guest",
                List.of(Column.number("vmid", "", GuestRow::vmid)),
                List.of(
                        Column.text("kind", "", GuestRow::kind),
                        Column.text("name", "name", GuestRow::name),
                        Column.text("node", "node", GuestRow::node),
                        Column.text("status", "power", GuestRow::status),
                        Column.flag("template", "template", GuestRow::template),
                        Column.number("cpus", "CPUs", GuestRow::cpus),
                        Column.size("memory", "memory", GuestRow::memory),
                        Column.size("disk", "disk", GuestRow::disk),
                        Column.text("tags", "tags", GuestRow::tags),
                        Column.text("pool", "pool", GuestRow::pool),
                        Column.text("locked", "lock", GuestRow::lock),
                        Column.text("ha", "high availability", GuestRow::ha)),
                row -> Long.toString(row.vmid()),
                row -> Objects.requireNonNullElse(row.name(), Long.toString(row.vmid())),
                GuestRow::node,
                GuestRow::unsure,
                false);
    }

    record StorageRow(
            String node,
            String storage,
            @Nullable String type,
            @Nullable String content,
            @Nullable Boolean shared,
            @Nullable String status,
            @Nullable Long total,
            @Nullable Long used,
            boolean unsure) {

        static final Kind<StorageRow> KIND = new Kind<>(
                "storage",
                "inventory_storage",
                List.of(Column.text("node", "", StorageRow::node), Column.text("storage", "", StorageRow::storage)),
                List.of(
                        Column.text("type", "type", StorageRow::type),
                        Column.text("content", "content", StorageRow::content),
                        Column.flag("shared", "shared", StorageRow::shared),
                        Column.text("status", "status", StorageRow::status),
                        Column.<StorageRow>size("total", "size", StorageRow::total)
                                .roughly(),
                        Column.<StorageRow>size("used", "", StorageRow::used).roughly()),
                StorageRow::storage,
                StorageRow::storage,
                StorageRow::node,
                StorageRow::unsure,
                false);
    }

    /** One PCI function; which fields are known depends on the source. */
    record PciRow(
            String node,
            String address,
            String ids,
            String subsystem,
            String serial,
            @Nullable String deviceClass,
            @Nullable String revision,
            @Nullable String vendorName,
            @Nullable String deviceName,
            @Nullable String subsystemName,
            @Nullable Long group,
            @Nullable String driver,
            @Nullable Long numaNode,
            @Nullable String resetMethods,
            @Nullable Long linkWidth,
            @Nullable Long linkWidthMax,
            @Nullable String linkSpeedMax,
            @Nullable Boolean bootVga,
            @Nullable Boolean bridge,
            @Nullable String parent,
            @Nullable Boolean mediated,
            @Nullable Boolean dead) {

        static final Kind<PciRow> KIND = new Kind<>(
                "device",
                "inventory_pci",
                List.of(
                        Column.text("node", "", PciRow::node),
                        Column.text("address", "", PciRow::address),
                        Column.text("ids", "", PciRow::ids),
                        Column.text("subsystem", "", PciRow::subsystem),
                        Column.text("serial", "", PciRow::serial)),
                List.of(
                        Column.<PciRow>text("class", "class", PciRow::deviceClass)
                                .ifKnown(),
                        Column.<PciRow>text("revision", "revision", PciRow::revision)
                                .ifKnown(),
                        Column.<PciRow>text("vendor_name", "", PciRow::vendorName)
                                .ifKnown(),
                        Column.<PciRow>text("device_name", "", PciRow::deviceName)
                                .ifKnown(),
                        Column.<PciRow>text("subsystem_name", "", PciRow::subsystemName)
                                .ifKnown(),
                        Column.<PciRow>number("iommu_group", "IOMMU group", PciRow::group)
                                .ifKnown(),
                        Column.<PciRow>text("driver", "driver", PciRow::driver).ifKnown(),
                        Column.<PciRow>number("numa_node", "NUMA node", PciRow::numaNode)
                                .ifKnown(),
                        Column.<PciRow>text("reset_methods", "reset methods", PciRow::resetMethods)
                                .ifKnown(),
                        Column.<PciRow>number("link_width", "link width", PciRow::linkWidth)
                                .ifKnown(),
                        Column.<PciRow>number("link_width_max", "", PciRow::linkWidthMax)
                                .ifKnown(),
                        Column.<PciRow>text("link_speed_max", "", PciRow::linkSpeedMax)
                                .ifKnown(),
                        Column.<PciRow>flag("boot_vga", "primary display", PciRow::bootVga)
                                .ifKnown(),
                        Column.<PciRow>flag("bridge", "", PciRow::bridge).ifKnown(),
                        Column.<PciRow>text("parent", "", PciRow::parent).ifKnown(),
                        Column.<PciRow>flag("mediated", "", PciRow::mediated).ifKnown(),
                        Column.<PciRow>flag("dead", "does not answer", PciRow::dead)
                                .ifKnown()),
                PciRow::address,
                row -> row.address() + " "
                        + DeviceNames.of(
                                PciAddress.parse(row.address()),
                                row.ids(),
                                Objects.requireNonNullElse(row.deviceClass(), "000000"),
                                row.vendorName(),
                                row.deviceName()),
                PciRow::node,
                row -> false,
                false);
    }

    record NetworkRow(
            String node,
            String iface,
            @Nullable String type,
            @Nullable Boolean active,
            @Nullable Boolean autostart,
            @Nullable String ports,
            @Nullable Boolean vlanAware,
            @Nullable String vids,
            @Nullable String cidr,
            @Nullable String gateway,
            @Nullable Long vlan,
            @Nullable String rawDevice,
            @Nullable String mtu,
            @Nullable String comments) {

        static final Kind<NetworkRow> KIND = new Kind<>(
                "network",
                "inventory_network",
                List.of(Column.text("node", "", NetworkRow::node), Column.text("iface", "", NetworkRow::iface)),
                List.of(
                        Column.text("type", "type", NetworkRow::type),
                        Column.<NetworkRow>flag("active", "active", NetworkRow::active)
                                .ifKnown(),
                        Column.flag("autostart", "starts by itself", NetworkRow::autostart),
                        Column.text("ports", "ports", NetworkRow::ports),
                        Column.flag("vlan_aware", "VLAN aware", NetworkRow::vlanAware),
                        Column.text("vids", "allowed VLANs", NetworkRow::vids),
                        Column.text("cidr", "address", NetworkRow::cidr),
                        Column.text("gateway", "gateway", NetworkRow::gateway),
                        Column.number("vlan", "VLAN", NetworkRow::vlan),
                        Column.text("raw_device", "device", NetworkRow::rawDevice),
                        Column.text("mtu", "MTU", NetworkRow::mtu),
                        Column.text("comments", "comment", NetworkRow::comments)),
                NetworkRow::iface,
                NetworkRow::iface,
                NetworkRow::node,
                row -> false,
                false);
    }

    /** A resource mapping; its entries as property strings, one a line. */
    record MappingRow(String mapping, @Nullable String description, String entries) {

        static final Kind<MappingRow> KIND = new Kind<>(
                "mapping",
                "inventory_mapping",
                List.of(Column.text("mapping", "", MappingRow::mapping)),
                List.of(
                        Column.text("description", "description", MappingRow::description),
                        Column.text("entries", "devices", MappingRow::entries)),
                MappingRow::mapping,
                MappingRow::mapping,
                row -> null,
                row -> false,
                false);
    }
}
