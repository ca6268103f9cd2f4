package dev.rackhouse.inventory;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.Rows.HostRow;
import dev.rackhouse.inventory.Rows.NetworkRow;
import dev.rackhouse.inventory.Rows.PciRow;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.InterfaceAddress;
import dev.rackhouse.inventory.fact.NetInterface;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.PciLink;
import dev.rackhouse.proxmox.PveNodes;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Facts of a probe, or answers of the API about one node, as rows. Pure. */
final class HostRows {

    private HostRows() {}

    static HostRow host(String node, HostFacts facts) {
        ByteSize memory = facts.memory("MemTotal");
        return new HostRow(
                node,
                facts.bootId(),
                facts.pveRelease(),
                facts.kernel().isEmpty() ? null : facts.kernel(),
                facts.key("cpu_model"),
                null,
                null,
                facts.threads() == 0 ? null : (long) facts.threads(),
                memory == null ? null : memory.bytes(),
                joined(facts.key("board_vendor"), facts.key("board")),
                joined(facts.key("bios"), facts.key("bios_date")),
                facts.key("firmware"),
                facts.flag("secureboot"),
                loader(facts),
                facts.key("cmdline"),
                facts.iommuOn(),
                Boolean.TRUE.equals(facts.flag("interfaces_new")));
    }

    static HostRow host(String node, PveNodes.Status status) {
        String mode = status.bootMode();
        return new HostRow(
                node,
                null,
                status.version() == null ? null : status.version().toString(),
                status.kernel().isEmpty() ? null : status.kernel(),
                status.cpuModel().isEmpty() ? null : status.cpuModel(),
                positive(status.sockets()),
                positive(status.cores()),
                positive(status.threads()),
                positive(status.memoryTotalBytes()),
                null,
                null,
                mode == null ? null : mode.equals("efi") ? "efi" : "bios",
                status.secureBoot(),
                null,
                null,
                null,
                null);
    }

    private static @Nullable String loader(HostFacts facts) {
        String loader = facts.key("loader");
        if (loader == null) {
            return null;
        }
        return Boolean.TRUE.equals(facts.flag("boot_tool")) ? loader + ", proxmox-boot-tool" : loader;
    }

    static List<PciRow> devices(String node, HostFacts facts) {
        return facts.functions().stream().map(f -> device(node, f)).toList();
    }

    private static PciRow device(String node, PciFunction f) {
        PciLink link = f.link();
        PciLink most = f.maxLink();
        Integer group = f.group();
        Integer numa = f.numaNode();
        return new PciRow(
                node,
                f.address().toString(),
                f.ids(),
                Objects.requireNonNullElse(f.subsystem(), ""),
                "",
                "%06x".formatted(f.classCode()),
                "%02x".formatted(f.revision()),
                null,
                null,
                null,
                group == null ? -1L : group.longValue(),
                Objects.requireNonNullElse(f.driver(), ""),
                numa == null ? -1L : numa.longValue(),
                f.resetMethods().isEmpty() ? f.resettable() ? "yes" : "" : String.join(" ", f.resetMethods()),
                link == null ? null : (long) link.width(),
                most == null ? null : (long) most.width(),
                most == null ? null : most.speed(),
                f.bootVga(),
                f.bridge(),
                f.ancestors().isEmpty() ? "" : f.ancestors().getLast().toString(),
                f.mediated(),
                f.gone() || link != null && link.width() == 63);
    }

    static PciRow device(String node, PveNodes.PciFunction f) {
        String code = f.classCode().replaceFirst("^0x", "");
        return new PciRow(
                node,
                f.address().toString(),
                f.id(),
                subsystem(f),
                "",
                code.isEmpty() ? null : code,
                null,
                f.vendorName(),
                f.deviceName(),
                null,
                (long) f.iommuGroup().orElse(-1),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                code.startsWith("0604") ? Boolean.TRUE : null,
                null,
                f.mediated() ? Boolean.TRUE : null,
                null);
    }

    private static String subsystem(PveNodes.PciFunction f) {
        String id = f.subsystemId();
        return id == null || id.equals("0000:0000") ? "" : id;
    }

    /** Interfaces of a host without Proxmox, as the kernel shows them. */
    static List<NetworkRow> networks(String node, HostFacts facts) {
        return facts.interfaces().stream()
                .filter(i -> !i.name().equals("lo"))
                .filter(i -> i.controller() != null || facts.lowers().containsKey(i.name()))
                .map(i -> network(node, facts, i))
                .toList();
    }

    private static NetworkRow network(String node, HostFacts facts, NetInterface i) {
        List<String> below = facts.lowers().getOrDefault(i.name(), List.of());
        String addresses = facts.addresses().stream()
                .filter(a -> a.interfaceName().equals(i.name()))
                .map(InterfaceAddress::cidr)
                .collect(Collectors.joining(" "));
        return new NetworkRow(
                node,
                i.name(),
                below.isEmpty() ? "eth" : "bridge",
                i.up(),
                null,
                below.isEmpty() ? null : String.join(" ", below),
                false,
                null,
                addresses.isEmpty() ? null : addresses,
                null,
                null,
                null,
                null,
                null);
    }

    static NetworkRow network(String node, PveNodes.Interface i) {
        return new NetworkRow(
                node,
                i.name(),
                i.type(),
                i.active(),
                i.autostart(),
                i.ports().isEmpty() ? null : String.join(" ", i.ports()),
                i.vlanAware(),
                i.vlanIds(),
                joined(i.cidr(), i.cidr6()),
                joined(i.gateway(), i.gateway6()),
                i.vlanTag().isPresent() ? (Long) (long) i.vlanTag().getAsInt() : null,
                i.vlanDevice(),
                i.mtu().isPresent() ? Integer.toString(i.mtu().getAsInt()) : null,
                i.comment());
    }

    /** The bridges above a function, from the root port down. */
    static List<PciAddress> ancestors(HostFacts facts, PciAddress address) {
        return facts.function(address).map(PciFunction::ancestors).orElse(List.of());
    }

    private static @Nullable String joined(@Nullable String a, @Nullable String b) {
        String both = Stream.of(a, b).filter(Objects::nonNull).collect(Collectors.joining(" "));
        return both.isBlank() ? null : both;
    }

    private static @Nullable Long positive(long number) {
        return number <= 0 ? null : number;
    }
}
