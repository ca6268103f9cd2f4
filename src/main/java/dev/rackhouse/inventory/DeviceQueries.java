package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.Seen;
import dev.rackhouse.inventory.IommuGroupView.Standing;
import dev.rackhouse.inventory.LabDirectory.Snapshot;
import dev.rackhouse.inventory.PciDeviceView.Kind;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.Protection;
import dev.rackhouse.proxmox.PciMapping;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** PCI functions with who has them, and their IOMMU groups with what may be done. */
@Component
class DeviceQueries {

    private final JdbcTemplate jdbc;
    private final GuestConfigs configs;
    private final Probes probes;
    private final Contacts contacts;

    DeviceQueries(JdbcTemplate jdbc, GuestConfigs configs, Probes probes, Contacts contacts) {
        this.jdbc = jdbc;
        this.configs = configs;
        this.probes = probes;
        this.contacts = contacts;
    }

    /** Everything about the devices of one node that is looked up once. */
    private record About(
            NodeRef node,
            @Nullable HostFacts facts,
            @Nullable GroupAssessment assessment,
            Owners owners,
            Set<String> changed,
            Seen apiSeen,
            @Nullable Seen probeSeen) {}

    /** The groups of a node by number, those in none last. */
    List<IommuGroupView> groups(NodeRef node, Snapshot labs) {
        return groups(node, owners(node.lab(), labs), labs);
    }

    private List<IommuGroupView> groups(NodeRef node, Owners owners, Snapshot labs) {
        About about = about(node, owners, labs);
        var byGroup =
                new TreeMap<Integer, List<PciDeviceView>>(Comparator.comparingInt(g -> g < 0 ? Integer.MAX_VALUE : g));
        for (PciDeviceView device : devices(about)) {
            Integer group = device.group();
            byGroup.computeIfAbsent(group == null ? -1 : group, g -> new ArrayList<>())
                    .add(device);
        }
        var groups = new ArrayList<IommuGroupView>();
        byGroup.forEach((number, devices) -> groups.add(group(about, number, devices)));
        return groups;
    }

    /** The GPUs of all nodes, each with its group. */
    List<IommuGroupView> groupsWithGpus(Snapshot labs) {
        var nodes = jdbc.query("""
                select distinct p.lab, p.node from inventory_pci p
                join inventory_node n on n.lab = p.lab and n.node = p.node and n.gone_at is null
                where p.gone_at is null and (p.class like '03%' or p.class like '12%') order by p.lab, p.node
                """, (rs, n) -> new NodeRef(LabDirectory.lab(rs), rs.getString("node")));
        Map<LabId, Owners> owners = new LinkedHashMap<>();
        var groups = new ArrayList<IommuGroupView>();
        for (NodeRef node : nodes) {
            if (labs.labs().containsKey(node.lab())) {
                groups.addAll(groups(node, owners.computeIfAbsent(node.lab(), l -> owners(l, labs)), labs));
            }
        }
        return groups;
    }

    List<MappingView> mappings(LabId lab, Snapshot labs) {
        Instant at = contacts.contact(lab, Detail.Source.MAPPINGS.word(), "").seenAt();
        return jdbc.query(
                "select * from inventory_mapping where lab = ? and gone_at is null order by mapping",
                (rs, n) -> new MappingView(
                        lab,
                        rs.getString("mapping"),
                        rs.getString("description"),
                        Columns.words(rs.getString("entries"), "\n").stream()
                                .flatMap(e -> PciMapping.find(e).stream())
                                .toList(),
                        new Seen(rs.getString("source"), at == null ? labs.now() : at)),
                lab.value());
    }

    /** Our own names are not stored, so all are looked through: two thousand at most, and only when somebody searches. */
    List<Inventory.DeviceHit> find(String text, int limit, Snapshot labs) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        return jdbc
                .query(
                        """
                        select lab, node, address, ids, class, vendor_name, device_name from inventory_pci
                        where gone_at is null and bridge is not true and class not like '03%' and class not like '06%'
                        order by node, address
                        """,
                        (rs, n) -> {
                            PciAddress address = PciAddress.parse(rs.getString("address"));
                            String code = Objects.requireNonNullElse(rs.getString("class"), "000000");
                            String ids = rs.getString("ids");
                            String name = DeviceNames.of(
                                    address, ids, code, rs.getString("vendor_name"), rs.getString("device_name"));
                            boolean found = (name + " " + address + " " + ids)
                                    .toLowerCase(Locale.ROOT)
                                    .contains(wanted);
                            return found
                                    ? Optional.of(new Inventory.DeviceHit(
                                            new NodeRef(LabDirectory.lab(rs), rs.getString("node")),
                                            address,
                                            name,
                                            PciKinds.of(code, false, ids)))
                                    : Optional.<Inventory.DeviceHit>empty();
                        })
                .stream()
                .flatMap(Optional::stream)
                .filter(h -> labs.labs().containsKey(h.node().lab()))
                .limit(limit)
                .toList();
    }

    private Owners owners(LabId lab, Snapshot labs) {
        return Owners.of(lab, configs, mappings(lab, labs), jdbc);
    }

    private About about(NodeRef node, Owners owners, Snapshot labs) {
        var probe = probes.facts(node).orElse(null);
        HostFacts facts = probe == null ? null : probe.facts();
        Instant asked = contacts.contact(node.lab(), Detail.Source.PCI.word(), node.node())
                .seenAt();
        return new About(
                node,
                facts,
                facts == null ? null : new GroupAssessment(facts),
                owners,
                changedSinceBoot(node),
                new Seen(Words.API, asked == null ? Instant.EPOCH : asked),
                probe == null ? null : probe.seen());
    }

    private Set<String> changedSinceBoot(NodeRef node) {
        Instant boot = probes.bootOf(node);
        if (boot == null) {
            return Set.of();
        }
        return new HashSet<>(jdbc.queryForList(
                "select distinct subject from inventory_change where lab = ? and node = ? and kind = 'device' and seen_at >= ?",
                String.class,
                node.lab().value(),
                node.node(),
                Timestamp.from(boot)));
    }

    private List<PciDeviceView> devices(About about) {
        return jdbc
                .query(
                        "select * from inventory_pci where lab = ? and node = ? and gone_at is null",
                        (rs, n) -> device(rs, about),
                        about.node().lab().value(),
                        about.node().node())
                .stream()
                .sorted(Comparator.comparing(PciDeviceView::address))
                .toList();
    }

    private static PciDeviceView device(ResultSet rs, About about) throws SQLException {
        PciAddress address = PciAddress.parse(rs.getString("address"));
        String ids = rs.getString("ids");
        String subsystem = rs.getString("subsystem");
        String code = Objects.requireNonNullElse(rs.getString("class"), "000000");
        boolean bridge = Boolean.TRUE.equals(Columns.flag(rs, "bridge"));
        String reset = rs.getString("reset_methods");
        Integer group = Columns.whole(rs, "iommu_group");
        Integer numa = Columns.whole(rs, "numa_node");
        GroupAssessment assessment = about.assessment();
        Seen probeSeen = about.probeSeen();
        return new PciDeviceView(
                about.node(),
                address,
                ids,
                subsystem.isEmpty() ? null : subsystem,
                DeviceNames.of(address, ids, code, rs.getString("vendor_name"), rs.getString("device_name")),
                PciKinds.of(code, bridge, ids),
                code,
                group == null || group < 0 ? null : group,
                rs.getString("driver"),
                reset == null ? null : Columns.words(reset, " "),
                Columns.whole(rs, "link_width"),
                Columns.whole(rs, "link_width_max"),
                rs.getString("link_speed_max"),
                numa == null || numa < 0 ? null : numa,
                Boolean.TRUE.equals(Columns.flag(rs, "boot_vga")),
                bridge,
                Boolean.TRUE.equals(Columns.flag(rs, "mediated")),
                Boolean.TRUE.equals(Columns.flag(rs, "dead")),
                about.owners().holder(about.node().node(), address, about.facts()),
                about.owners().wanted(about.node().node(), address),
                assessment == null
                        ? List.of()
                        : assessment.protectedSet().of(address).stream()
                                .filter(p -> p.kind() != Protection.Kind.CONSOLE)
                                .map(Protection::text)
                                .toList(),
                PciKinds.passable(code, bridge, ids),
                about.changed().contains(address.toString()),
                probeSeen == null ? about.apiSeen() : probeSeen);
    }

    private static IommuGroupView group(About about, int number, List<PciDeviceView> devices) {
        if (number < 0) {
            boolean off = devices.stream().anyMatch(d -> d.passable() && d.kind() != Kind.BRIDGE);
            return new IommuGroupView(
                    about.node(),
                    null,
                    off ? Standing.BLOCKED : Standing.PLATFORM,
                    off
                            ? "in no IOMMU group: the IOMMU is off, or the firmware does not describe it"
                            : "parts of the platform that stand in no group",
                    devices);
        }
        GroupAssessment assessment = about.assessment();
        GroupAssessment.Judged judged = assessment == null
                ? withoutProbe(devices)
                : assessment.judge(number, about.owners().labels());
        if (judged.standing() != Standing.BLOCKED && judged.standing() != Standing.PLATFORM) {
            judged = devices.stream()
                    .filter(d -> d.holder() != null)
                    .findFirst()
                    .map(d -> new GroupAssessment.Judged(
                            Standing.BLOCKED,
                            PciKinds.word(d.kind()) + " used by guest "
                                    + Objects.requireNonNull(d.holder()).label()))
                    .orElse(judged);
        }
        return new IommuGroupView(about.node(), number, judged.standing(), judged.reason(), devices);
    }

    private static GroupAssessment.Judged withoutProbe(List<PciDeviceView> devices) {
        return devices.stream().anyMatch(PciDeviceView::passable)
                ? new GroupAssessment.Judged(
                        Standing.UNKNOWN, "what the host needs is known only with SSH: no probe has run on this node")
                : new GroupAssessment.Judged(Standing.PLATFORM, "bridges and parts of the platform");
    }
}
