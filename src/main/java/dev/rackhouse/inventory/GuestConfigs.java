package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.Seen;
import dev.rackhouse.proxmox.NetDevice;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The configuration of guests, as last read; writes only differences and tells each. Passwords never come in. */
@Component
class GuestConfigs {

    /** What the probe reads of a configuration; the other keys it does not know. */
    private static final Pattern PROBED = Pattern.compile(
            "(hostpci|usb|net|dev|mp)\\d+|numa\\d*|name|hostname|memory|balloon|machine|bios|efidisk0|hugepages|keephugepages"
                    + "|onboot|cores|sockets|cpu|affinity|args|agent|template|lock|vga|hookscript|lxc\\.cgroup.*|lxc\\.mount.*");

    private static final Set<String> SECRET = Set.of("cipassword");
    /** They stand in the cluster's list, where every change is seen sooner. */
    private static final Set<String> TOLD_ELSEWHERE = Set.of("lock", "name", "hostname", "tags", "template");

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<TreeMap<String, String>> MAP = new TypeReference<>() {};

    private final JdbcTemplate jdbc;
    private final TransactionOperations transactions;
    private final ChangeLog changes;

    GuestConfigs(JdbcTemplate jdbc, TransactionOperations transactions, ChangeLog changes) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.changes = changes;
    }

    /** What was read of one guest. */
    record Read(long vmid, String title, @Nullable String node, Map<String, String> config) {}

    /** Everything that the API answered: a key that is missing is not set. */
    boolean complete(LabId lab, Read read, Seen seen) {
        return write(lab, List.of(read), key -> true, seen);
    }

    /** What the probe found: keys that it does not read stay. */
    boolean probed(LabId lab, List<Read> reads, Seen seen) {
        return write(lab, reads, key -> PROBED.matcher(key).matches(), seen);
    }

    /** The stored configuration; empty when it was never read. */
    SortedMap<String, String> of(LabId lab, long vmid) {
        return jdbc
                .query(
                        "select config from inventory_guest_config where lab = ? and vmid = ?",
                        (rs, n) -> parse(rs.getString(1)),
                        lab.value(),
                        vmid)
                .stream()
                .findFirst()
                .orElse(new TreeMap<>());
    }

    /** Devices passed to guests: vmid to {@code hostpci0 -> mapping=gpu}. */
    Map<Long, SortedMap<String, String>> passed(LabId lab) {
        var passed = new HashMap<Long, SortedMap<String, String>>();
        jdbc.query(
                """
                select c.vmid, c.hostpci from inventory_guest_config c
                join inventory_guest g on g.lab = c.lab and g.vmid = c.vmid and g.gone_at is null
                where c.lab = ? and c.hostpci is not null
                """,
                rs -> {
                    passed.put(rs.getLong(1), parse(rs.getString(2)));
                },
                lab.value());
        return passed;
    }

    private boolean write(LabId lab, List<Read> reads, Predicate<String> known, Seen seen) {
        return Objects.requireNonNull(transactions.execute(t -> {
            Map<Long, SortedMap<String, String>> stored = stored(lab, reads);
            var told = new ArrayList<ChangeLog.Entry>();
            boolean any = false;
            for (Read read : reads) {
                SortedMap<String, String> before = stored.get(read.vmid());
                SortedMap<String, String> after = merged(before, read.config(), known);
                if (after.equals(before)) {
                    continue;
                }
                any = true;
                store(lab, read.vmid(), after, seen);
                if (before != null) {
                    told.addAll(differences(read, before, after, known));
                }
            }
            touch(lab, reads, seen);
            changes.add(lab, told, seen);
            return any;
        }));
    }

    private static SortedMap<String, String> merged(
            @Nullable SortedMap<String, String> before, Map<String, String> read, Predicate<String> known) {
        var after = new TreeMap<String, String>();
        if (before != null) {
            before.forEach((key, value) -> {
                if (!known.test(key)) {
                    after.put(key, value);
                }
            });
        }
        read.forEach((key, value) -> {
            if (!key.equals("digest")) {
                after.put(key.replace('\0', '\uFFFD'), SECRET.contains(key) ? "(set)" : value.replace('\0', '\uFFFD'));
            }
        });
        return after;
    }

    /** A key that appears for the first time because this source knows more than the last one is no change. */
    private static List<ChangeLog.Entry> differences(
            Read read, SortedMap<String, String> before, SortedMap<String, String> after, Predicate<String> known) {
        boolean fromProbeOnly =
                before.keySet().stream().allMatch(k -> PROBED.matcher(k).matches());
        var keys = new TreeSet<String>(before.keySet());
        keys.addAll(after.keySet());
        var told = new ArrayList<ChangeLog.Entry>();
        for (String key : keys) {
            boolean learned = fromProbeOnly && !PROBED.matcher(key).matches();
            if (!known.test(key)
                    || learned
                    || TOLD_ELSEWHERE.contains(key)
                    || Objects.equals(before.get(key), after.get(key))) {
                continue;
            }
            told.add(new ChangeLog.Entry(
                    read.node(),
                    "guest",
                    Long.toString(read.vmid()),
                    read.title(),
                    key,
                    before.get(key),
                    after.get(key)));
        }
        return told;
    }

    private Map<Long, SortedMap<String, String>> stored(LabId lab, List<Read> reads) {
        var stored = new HashMap<Long, SortedMap<String, String>>();
        if (reads.isEmpty()) {
            return stored;
        }
        jdbc.query(
                "select vmid, config from inventory_guest_config where lab = ? and vmid = any(?)",
                statement -> {
                    statement.setObject(1, lab.value());
                    statement.setArray(
                            2,
                            statement
                                    .getConnection()
                                    .createArrayOf(
                                            "int8",
                                            reads.stream().map(Read::vmid).toArray()));
                },
                rs -> {
                    stored.put(rs.getLong(1), parse(rs.getString(2)));
                });
        return stored;
    }

    private void store(LabId lab, long vmid, SortedMap<String, String> config, Seen seen) {
        var passed = new TreeMap<String, String>();
        var cards = new ArrayList<Object[]>();
        config.forEach((key, value) -> {
            if (key.matches("hostpci\\d+")) {
                passed.put(key, value);
            } else if (key.matches("net\\d+")) {
                cards.add(card(lab, vmid, key, value));
            }
        });
        Timestamp at = Timestamp.from(seen.at());
        jdbc.update(
                """
                insert into inventory_guest_config (lab, vmid, config, hostpci, source, seen_at, changed_at)
                values (?, ?, ?::jsonb, ?::jsonb, ?, ?, ?)
                on conflict (lab, vmid) do update set config = excluded.config, hostpci = excluded.hostpci,
                    source = excluded.source, seen_at = excluded.seen_at, changed_at = excluded.changed_at
                """, lab.value(), vmid, json(config), passed.isEmpty() ? null : json(passed), seen.source(), at, at);
        jdbc.update("delete from inventory_guest_nic where lab = ? and vmid = ?", lab.value(), vmid);
        if (!cards.isEmpty()) {
            jdbc.batchUpdate(
                    "insert into inventory_guest_nic (lab, vmid, nic, bridge, vlan, model, mac)"
                            + " values (?, ?, ?, ?, ?, ?, ?)",
                    cards);
        }
    }

    private static @Nullable Object[] card(LabId lab, long vmid, String key, String value) {
        try {
            NetDevice card = NetDevice.parse(value);
            return new @Nullable Object[] {lab.value(), vmid, key, card.bridge(), card.tag(), card.model(), card.mac()};
        } catch (IllegalArgumentException unreadable) {
            return new @Nullable Object[] {lab.value(), vmid, key, null, null, null, null};
        }
    }

    /** The age of configurations that are as they were. */
    private void touch(LabId lab, List<Read> reads, Seen seen) {
        jdbc.update(
                "update inventory_guest_config set seen_at = ?, source = ? where lab = ? and vmid = any(?)",
                statement -> {
                    statement.setTimestamp(1, Timestamp.from(seen.at()));
                    statement.setString(2, seen.source());
                    statement.setObject(3, lab.value());
                    statement.setArray(
                            4,
                            statement
                                    .getConnection()
                                    .createArrayOf(
                                            "int8",
                                            reads.stream().map(Read::vmid).toArray()));
                });
    }

    private static String json(SortedMap<String, String> map) {
        return JSON.writeValueAsString(map);
    }

    static SortedMap<String, String> parse(String json) {
        return JSON.readValue(json, MAP);
    }
}
