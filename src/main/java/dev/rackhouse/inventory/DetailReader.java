package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Seen;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inventory.FactStore.Outcome;
import dev.rackhouse.inventory.Rows.HostRow;
import dev.rackhouse.inventory.Rows.MappingRow;
import dev.rackhouse.inventory.Rows.NetworkRow;
import dev.rackhouse.inventory.Rows.PciRow;
import dev.rackhouse.proxmox.PciMapping;
import dev.rackhouse.proxmox.PveClient;
import dev.rackhouse.proxmox.PveCluster;
import dev.rackhouse.proxmox.PveMappings;
import dev.rackhouse.proxmox.PveNodes;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Reads one detail from Proxmox and stores it. One call each. A failure is noted beside the last facts. */
@Component
class DetailReader {

    private static final Logger LOG = LoggerFactory.getLogger(DetailReader.class);

    private final Connections connections;
    private final FactStore facts;
    private final GuestConfigs configs;
    private final Contacts contacts;
    private final JdbcTemplate jdbc;
    private final Clock clock;

    DetailReader(
            Connections connections,
            FactStore facts,
            GuestConfigs configs,
            Contacts contacts,
            JdbcTemplate jdbc,
            Clock clock) {
        this.connections = connections;
        this.facts = facts;
        this.configs = configs;
        this.contacts = contacts;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @return whether facts changed. Never throws for a machine's fault: that is noted. */
    boolean read(LabId lab, Detail detail) {
        try {
            boolean changed = ask(lab, detail);
            if (detail.source() == Detail.Source.CONFIG) {
                contacts.clear(lab, detail.source().word(), detail.subject());
            } else {
                contacts.seen(lab, detail.source().word(), detail.subject(), clock.instant());
            }
            return changed;
        } catch (RemoteFailure failure) {
            Instant now = clock.instant();
            contacts.failed(
                    lab,
                    detail.source().word(),
                    detail.subject(),
                    now,
                    FailureCodes.of(failure),
                    Objects.requireNonNullElse(failure.getMessage(), "It failed."));
            LOG.debug("detail {} of lab {} could not be read", detail, lab, failure);
            return false;
        }
    }

    private boolean ask(LabId lab, Detail detail) {
        PveClient client = connections.proxmox(lab);
        return switch (detail.source()) {
            case CLUSTER -> cluster(lab, client.cluster().status());
            case VERSION -> contacts.version(lab, client.version().toString());
            case MAPPINGS -> mappings(lab, client.mappings().pci(null)).changed();
            case NETWORK -> network(lab, detail.subject(), client.nodes().network(detail.subject()));
            case STATUS ->
                host(lab, HostRows.host(detail.subject(), client.nodes().status(detail.subject())));
            case PCI ->
                devices(lab, detail.subject(), client.nodes().pci(detail.subject()))
                        .changed();
            case CONFIG -> config(lab, client, Long.parseLong(detail.subject()));
        };
    }

    private boolean cluster(LabId lab, PveCluster.Status status) {
        return contacts.cluster(lab, status.name(), status.quorate());
    }

    private Outcome mappings(LabId lab, List<PveMappings.Mapping> mappings) {
        return facts.sync(
                MappingRow.KIND,
                lab,
                null,
                mappings.stream()
                        .map(m -> new MappingRow(
                                m.id(),
                                m.description(),
                                Stream.concat(m.entries().stream().map(PciMapping::print), m.unreadable().stream())
                                        .collect(Collectors.joining("\n"))))
                        .toList(),
                seen());
    }

    private boolean network(LabId lab, String node, PveNodes.Network network) {
        Outcome outcome = facts.sync(
                NetworkRow.KIND,
                lab,
                node,
                network.interfaces().stream()
                        .map(i -> HostRows.network(node, i))
                        .toList(),
                seen());
        int staged = network.staged() == null
                ? jdbc.update("delete from inventory_staged_network where lab = ? and node = ?", lab.value(), node)
                : jdbc.update("""
                        insert into inventory_staged_network as s (lab, node, changes, seen_at) values (?, ?, ?, ?)
                        on conflict (lab, node) do update set changes = excluded.changes, seen_at = excluded.seen_at
                        where s.changes <> excluded.changes
                        """, lab.value(), node, network.staged(), Timestamp.from(clock.instant()));
        return outcome.changed() || staged > 0;
    }

    private boolean host(LabId lab, HostRow row) {
        return facts.sync(HostRow.KIND, lab, row.node(), List.of(row), seen()).changed();
    }

    /**
     * Names for what the probe found; where there is no probe, the devices themselves. Proxmox knows no functions that the kernel does
     * not know, so with a probe nothing is taken away here.
     */
    private Outcome devices(LabId lab, String node, List<PveNodes.PciFunction> functions) {
        List<PciRow> rows =
                functions.stream().map(f -> HostRows.device(node, f)).toList();
        boolean probed = contacts.contact(lab, "probe", node).seenAt() != null;
        if (!probed) {
            return facts.sync(PciRow.KIND, lab, node, rows, seen());
        }
        var known = jdbc.queryForList(
                "select address || ' ' || ids || ' ' || subsystem from inventory_pci"
                        + " where lab = ? and node = ? and gone_at is null",
                String.class,
                lab.value(),
                node);
        return facts.merge(
                PciRow.KIND,
                lab,
                node,
                rows.stream()
                        .filter(r -> known.contains(r.address() + " " + r.ids() + " " + r.subsystem()))
                        .toList(),
                seen());
    }

    private boolean config(LabId lab, PveClient client, long vmid) {
        var guest = jdbc
                .queryForList(
                        "select kind, node, name from inventory_guest where lab = ? and vmid = ? and gone_at is null",
                        lab.value(),
                        vmid)
                .stream()
                .findFirst();
        if (guest.isEmpty()) {
            return false;
        }
        String node = Objects.toString(guest.get().get("node"), "");
        PveCluster.Kind kind = "lxc".equals(guest.get().get("kind")) ? PveCluster.Kind.LXC : PveCluster.Kind.QEMU;
        @Nullable Object name = guest.get().get("name");
        var config = client.guests().currentConfig(node, kind, new VmId((int) vmid));
        return configs.complete(
                lab,
                new GuestConfigs.Read(vmid, Objects.toString(name, Long.toString(vmid)), node, config.values()),
                seen());
    }

    private Seen seen() {
        return new Seen(Words.API, clock.instant());
    }
}
