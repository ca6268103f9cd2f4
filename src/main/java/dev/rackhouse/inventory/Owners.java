package dev.rackhouse.inventory;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.PciDeviceView.Owner;
import dev.rackhouse.inventory.fact.DeviceUse;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.proxmox.HostPci;
import dev.rackhouse.proxmox.PciMapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Which guests of one lab name which devices: configurations as last read, mappings resolved. Where a mapping offers alternatives,
 * who has what is known only to the host.
 */
final class Owners {

    private record Claim(int vmid, String node, String label, boolean running, List<HostPci> devices) {}

    private final LabId lab;
    private final List<Claim> claims = new ArrayList<>();
    private final Map<String, List<PciMapping>> mappings = new HashMap<>();
    private final Map<Integer, String> labels = new HashMap<>();

    private Owners(LabId lab) {
        this.lab = lab;
    }

    static Owners of(LabId lab, GuestConfigs configs, List<MappingView> mappings, JdbcTemplate jdbc) {
        var owners = new Owners(lab);
        mappings.forEach(m -> owners.mappings.put(m.id(), m.entries()));
        Map<Long, SortedMap<String, String>> passed = configs.passed(lab);
        if (passed.isEmpty()) {
            return owners;
        }
        jdbc.query(
                "select vmid, node, name, status from inventory_guest where lab = ? and gone_at is null and vmid = any(?)",
                statement -> {
                    statement.setObject(1, lab.value());
                    statement.setArray(
                            2,
                            statement
                                    .getConnection()
                                    .createArrayOf("int8", passed.keySet().toArray()));
                },
                rs -> {
                    long vmid = rs.getLong(1);
                    String name = rs.getString(3);
                    String label = name == null ? Long.toString(vmid) : vmid + " " + name;
                    owners.labels.put((int) vmid, label);
                    owners.claims.add(new Claim(
                            (int) vmid,
                            Objects.requireNonNullElse(rs.getString(2), ""),
                            label,
                            "running".equals(rs.getString(4)),
                            parse(Objects.requireNonNull(passed.get(vmid)).values())));
                });
        return owners;
    }

    private static List<HostPci> parse(Iterable<String> values) {
        var devices = new ArrayList<HostPci>();
        for (String value : values) {
            try {
                devices.add(HostPci.parse(value));
            } catch (IllegalArgumentException unreadable) {
                // a spelling of a later version: it names nothing that we know
            }
        }
        return devices;
    }

    /** How guests are called, by vmid. */
    Map<Integer, String> labels() {
        return labels;
    }

    /** Guests on this node that name the function and run. @param facts of the node, where there is a probe */
    @Nullable
    Owner holder(String node, PciAddress address, @Nullable HostFacts facts) {
        List<Claim> running = claims.stream()
                .filter(c -> c.running() && c.node().equals(node))
                .toList();
        List<Claim> naming =
                running.stream().filter(c -> names(c, node, address)).toList();
        if (facts != null && running.stream().anyMatch(c -> ambiguous(c, node) || unresolved(c))) {
            Set<Integer> there = running.stream().map(Claim::vmid).collect(Collectors.toSet());
            return DeviceUse.holder(facts, address)
                    .filter(h -> there.contains(h.vmid().value()))
                    .map(h -> owner(h.vmid().value()))
                    .orElseGet(() -> naming.stream()
                            .filter(c -> !ambiguous(c, node))
                            .findFirst()
                            .map(c -> owner(c.vmid()))
                            .orElse(null));
        }
        return naming.isEmpty() ? null : owner(naming.getFirst().vmid());
    }

    /** Guests on this node that name the function and do not run. */
    List<Owner> wanted(String node, PciAddress address) {
        return claims.stream()
                .filter(c -> !c.running() && names(c, node, address))
                .map(c -> owner(c.vmid()))
                .toList();
    }

    private boolean names(Claim claim, String node, PciAddress address) {
        return claim.node().equals(node)
                && claim.devices().stream()
                        .anyMatch(d ->
                                d.names(address) || entries(d, node).stream().anyMatch(e -> e.names(address)));
    }

    /** It names a mapping that was not read: only the host knows. */
    private boolean unresolved(Claim claim) {
        return claim.devices().stream().anyMatch(d -> d.mapping() != null && !mappings.containsKey(d.mapping()));
    }

    private boolean ambiguous(Claim claim, String node) {
        return claim.devices().stream().anyMatch(d -> entries(d, node).size() > 1);
    }

    private List<PciMapping> entries(HostPci device, String node) {
        String mapping = device.mapping();
        return mapping == null
                ? List.of()
                : mappings.getOrDefault(mapping, List.of()).stream()
                        .filter(e -> e.node().equals(node))
                        .toList();
    }

    private Owner owner(int vmid) {
        return new Owner(new GuestRef(lab, new VmId(vmid)), labels.getOrDefault(vmid, Integer.toString(vmid)));
    }
}
