package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Seen;
import dev.rackhouse.inventory.FactStore.Outcome;
import dev.rackhouse.inventory.Rows.HostRow;
import dev.rackhouse.inventory.Rows.NetworkRow;
import dev.rackhouse.inventory.Rows.PciRow;
import dev.rackhouse.inventory.fact.GuestConfig;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.ProbeReport;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The probe of hosts: run, kept as it was printed (one for each boot), and turned into facts. A report that is not complete is
 * discarded whole: the last facts stay, and the failure is shown beside them.
 */
@Component
class Probes {

    /** Only what could be a secret in the few files that the probe quotes. */
    private static final Pattern SECRET =
            Pattern.compile("(?i)((?:psk|passw(?:or)?d|secret|passphrase)[\"' \\t]*[= \\t])[^\\t\\n]+");

    private final Connections connections;
    private final FactStore facts;
    private final GuestConfigs configs;
    private final Contacts contacts;
    private final JdbcTemplate jdbc;
    private final TransactionOperations transactions;
    private final InventorySettings settings;
    private final Clock clock;
    private final Map<NodeRef, Parsed> parsed = new ConcurrentHashMap<>();

    private record Parsed(Instant at, HostFacts facts) {}

    /** Facts of a host with the moment they were seen. */
    record Facts(HostFacts facts, Seen seen) {}

    Probes(
            Connections connections,
            FactStore facts,
            GuestConfigs configs,
            Contacts contacts,
            JdbcTemplate jdbc,
            TransactionOperations transactions,
            InventorySettings settings,
            Clock clock) {
        this.connections = connections;
        this.facts = facts;
        this.configs = configs;
        this.contacts = contacts;
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Probes a node now. Blocks, up to 40 seconds.
     *
     * @param platformKnown Proxmox tells the networks of this node; else the probe does
     * @return whether facts changed
     * @throws RemoteFailure when there is no complete report; the failure is noted, the last facts stay
     */
    boolean run(NodeRef node, boolean platformKnown) {
        try {
            String report = connections.probe(node);
            return switch (ProbeReport.parse(report)) {
                case ProbeReport.Complete complete -> keep(node, report, complete.facts(), platformKnown);
                case ProbeReport.Discarded discarded ->
                    throw new RemoteFailure.Unreadable(
                            "read the probe",
                            node.node(),
                            discarded.sentence(),
                            "Nothing of it is used; the facts shown are those of the last complete probe. It is tried again by itself.",
                            null);
            };
        } catch (RemoteFailure failure) {
            contacts.failed(
                    node.lab(),
                    "probe",
                    node.node(),
                    clock.instant(),
                    FailureCodes.of(failure),
                    Objects.requireNonNullElse(failure.getMessage(), "The probe failed."));
            throw failure;
        }
    }

    private boolean keep(NodeRef node, String report, HostFacts seen, boolean platformKnown) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS); // as PostgreSQL keeps it
        LabId lab = node.lab();
        Seen source = new Seen(Words.PROBE, now);
        boolean changed = Objects.requireNonNull(transactions.execute(t -> {
            jdbc.update(
                    """
                    insert into inventory_probe (lab, node, boot_id, seen_at, report) values (?, ?, ?, ?, ?)
                    on conflict (lab, node, boot_id) do update set seen_at = excluded.seen_at, report = excluded.report
                    """,
                    lab.value(),
                    node.node(),
                    Objects.requireNonNullElse(seen.bootId(), ""),
                    Timestamp.from(now),
                    SECRET.matcher(report).replaceAll("$1***").replace('\0', '\uFFFD'));
            jdbc.update("""
                    delete from inventory_probe where lab = ? and node = ? and boot_id not in (
                        select boot_id from inventory_probe where lab = ? and node = ? order by seen_at desc limit ?)
                    """, lab.value(), node.node(), lab.value(), node.node(), settings.probesKept());
            Outcome outcome = facts.sync(
                            HostRow.KIND, lab, node.node(), List.of(HostRows.host(node.node(), seen)), source)
                    .plus(facts.sync(PciRow.KIND, lab, node.node(), HostRows.devices(node.node(), seen), source));
            if (!platformKnown) {
                outcome = outcome.plus(
                        facts.sync(NetworkRow.KIND, lab, node.node(), HostRows.networks(node.node(), seen), source));
            }
            boolean guests = configs.probed(
                    lab, seen.guestsHere().stream().map(g -> read(node, g)).toList(), source);
            contacts.seen(lab, "probe", node.node(), now);
            return outcome.changed() || guests;
        }));
        parsed.put(node, new Parsed(now, seen));
        return changed;
    }

    private static GuestConfigs.Read read(NodeRef node, GuestConfig guest) {
        return new GuestConfigs.Read(
                guest.vmid().value(),
                Objects.requireNonNullElse(guest.name(), guest.vmid().toString()),
                node.node(),
                guest.options());
    }

    /** The facts of the last complete probe, parsed once for each. */
    Optional<Facts> facts(NodeRef node) {
        @Nullable
        Instant at = jdbc.query(
                        "select max(seen_at) from inventory_probe where lab = ? and node = ?",
                        (rs, n) -> Optional.ofNullable(rs.getTimestamp(1)),
                        node.lab().value(),
                        node.node())
                .getFirst()
                .map(Timestamp::toInstant)
                .orElse(null);
        if (at == null) {
            parsed.remove(node);
            return Optional.empty();
        }
        Parsed known = parsed.get(node);
        if (known == null || !known.at().equals(at)) {
            known = load(node, at).orElse(null);
            if (known == null) {
                return Optional.empty();
            }
            parsed.put(node, known);
        }
        return Optional.of(new Facts(known.facts(), new Seen(Words.PROBE, at)));
    }

    /** The last complete probe as it was printed, without secrets. */
    Optional<String> report(NodeRef node) {
        return jdbc
                .query(
                        "select report from inventory_probe where lab = ? and node = ? order by seen_at desc limit 1",
                        (rs, n) -> Objects.requireNonNullElse(rs.getString(1), ""),
                        node.lab().value(),
                        node.node())
                .stream()
                .findFirst();
    }

    private Optional<Parsed> load(NodeRef node, Instant at) {
        return jdbc
                .queryForList(
                        "select report from inventory_probe where lab = ? and node = ? and seen_at = ?",
                        String.class,
                        node.lab().value(),
                        node.node(),
                        Timestamp.from(at))
                .stream()
                .map(report -> ProbeReport.parse(Objects.requireNonNullElse(report, "")))
                .flatMap(r -> r instanceof ProbeReport.Complete c
                        ? java.util.stream.Stream.of(new Parsed(at, c.facts()))
                        : java.util.stream.Stream.empty())
                .findFirst();
    }

    /** When the boot began of which the last probe tells; null when not known. */
    @Nullable
    Instant bootOf(NodeRef node) {
        return facts(node)
                .flatMap(f -> f.facts().uptime().map(up -> f.seen().at().minus(up)))
                .orElse(null);
    }
}
