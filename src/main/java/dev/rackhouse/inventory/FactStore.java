package dev.rackhouse.inventory;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.Seen;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Writes what was seen, and only what differs from what is stored; tells each difference as a change. One transaction a call.
 * Knows no machine: the caller says what was seen, and that it was all.
 */
@Component
class FactStore {

    private final JdbcTemplate jdbc;
    private final TransactionOperations transactions;
    private final ChangeLog changes;

    FactStore(JdbcTemplate jdbc, TransactionOperations transactions, ChangeLog changes) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.changes = changes;
    }

    /**
     * @param written rows of facts that were inserted or updated; 0 when nothing changed
     * @param changes how many differences were told
     */
    record Outcome(int written, int changes) {
        static final Outcome NOTHING = new Outcome(0, 0);

        Outcome plus(Outcome other) {
            return new Outcome(written + other.written, changes + other.changes);
        }

        boolean changed() {
            return written > 0 || changes > 0;
        }
    }

    private record Stored(
            @Nullable Object[] facts,
            @Nullable Timestamp goneAt,
            @Nullable Timestamp unsureSince) {}

    /**
     * Makes the stored things of a lab (or of one node) equal to what was seen. What is stored and was not seen is marked gone.
     *
     * @param node only the things of this node; null: all of the lab
     * @param rows everything that was seen in that scope, identities unique (of two equal ones the last counts)
     */
    <R> Outcome sync(Kind<R> kind, LabId lab, @Nullable String node, List<R> rows, Seen seen) {
        return Objects.requireNonNull(transactions.execute(t -> write(kind, lab, node, rows, seen, true)));
    }

    /** As {@link #sync}, for an answer that lists only some things: what was not seen stays as it is. */
    <R> Outcome merge(Kind<R> kind, LabId lab, @Nullable String node, List<R> rows, Seen seen) {
        return Objects.requireNonNull(transactions.execute(t -> write(kind, lab, node, rows, seen, false)));
    }

    private <R> Outcome write(
            Kind<R> kind, LabId lab, @Nullable String node, List<R> rows, Seen seen, boolean complete) {
        Map<String, Stored> stored = read(kind, lab, node);
        boolean first = stored.isEmpty();
        Timestamp at = Timestamp.from(seen.at());
        var batch = new ArrayList<Object[]>();
        var told = new ArrayList<ChangeLog.Entry>();
        for (R row : unique(kind, rows).values()) {
            Stored before = stored.remove(key(kind, row));
            @Nullable Object[] after = merged(kind, row, before);
            Timestamp unsure = !kind.unsure().test(row)
                    ? null
                    : before != null && before.unsureSince() != null ? before.unsureSince() : at;
            if (before == null) {
                batch.add(parameters(kind, lab, row, after, null, unsure, seen));
                if (!first) {
                    told.add(entry(kind, row, "new", null, summary(kind, after)));
                }
            } else if (before.goneAt() != null
                    || !same(before.facts(), after)
                    || (unsure == null) != (before.unsureSince() == null)) {
                batch.add(parameters(kind, lab, row, after, null, unsure, seen));
                if (before.goneAt() != null) {
                    told.add(entry(kind, row, "back", null, summary(kind, after)));
                }
                told.addAll(differences(kind, row, before.facts(), after));
            }
        }
        // first what is gone: another card in the same slot needs its address
        int written = complete ? markGone(kind, lab, stored, seen, told) : 0;
        if (!batch.isEmpty()) {
            written += count(jdbc.batchUpdate(kind.upsert(), batch));
        }
        if (!kind.quiet()) {
            changes.add(lab, told, seen);
        }
        return new Outcome(written, kind.quiet() ? 0 : told.size());
    }

    private static <R> Map<String, R> unique(Kind<R> kind, List<R> rows) {
        var unique = new LinkedHashMap<String, R>(rows.size() * 2);
        rows.forEach(row -> unique.put(key(kind, row), row));
        return unique;
    }

    private <R> Map<String, Stored> read(Kind<R> kind, LabId lab, @Nullable String node) {
        var stored = new HashMap<String, Stored>();
        Object[] arguments = node == null ? new Object[] {lab.value()} : new Object[] {lab.value(), node};
        int keys = kind.keys().size();
        jdbc.query(
                kind.select(node != null),
                rs -> {
                    var key = new StringBuilder();
                    for (int i = 0; i < keys; i++) {
                        key.append(rs.getString(i + 1)).append('\u001f');
                    }
                    @Nullable Object[] facts = new Object[kind.facts().size()];
                    for (int i = 0; i < facts.length; i++) {
                        facts[i] = value(rs, keys + i + 1, kind.facts().get(i).type());
                    }
                    int next = keys + facts.length + 1;
                    stored.put(key.toString(), new Stored(facts, rs.getTimestamp(next), rs.getTimestamp(next + 1)));
                },
                arguments);
        return stored;
    }

    private static @Nullable Object value(ResultSet rs, int index, Class<?> type) throws SQLException {
        Object value = type == Long.class
                ? (Object) rs.getLong(index)
                : type == Boolean.class ? (Object) rs.getBoolean(index) : rs.getString(index);
        return rs.wasNull() ? null : value;
    }

    private static <R> String key(Kind<R> kind, R row) {
        var key = new StringBuilder();
        for (Column<R> column : kind.keys()) {
            key.append(column.of(row)).append('\u001f');
        }
        return key.toString();
    }

    private static <R> @Nullable Object[] merged(Kind<R> kind, R row, @Nullable Stored before) {
        boolean unsure = kind.unsure().test(row);
        @Nullable Object[] after = new Object[kind.facts().size()];
        for (int i = 0; i < after.length; i++) {
            Column<R> column = kind.facts().get(i);
            Object value = column.of(row);
            boolean keep = before != null
                    && (value == null && (unsure || column.nullIsUnknown()) || column.close(before.facts()[i], value));
            after[i] = keep && before != null ? before.facts()[i] : value;
        }
        return after;
    }

    private static boolean same(@Nullable Object[] a, @Nullable Object[] b) {
        return java.util.Arrays.equals(a, b);
    }

    private static <R> @Nullable Object[] parameters(
            Kind<R> kind,
            LabId lab,
            R row,
            @Nullable Object[] facts,
            @Nullable Timestamp goneAt,
            @Nullable Timestamp unsureSince,
            Seen seen) {
        var values = new ArrayList<@Nullable Object>();
        values.add(lab.value());
        kind.keys().forEach(c -> values.add(c.of(row)));
        values.addAll(java.util.Arrays.asList(facts));
        values.add(goneAt);
        values.add(unsureSince);
        values.add(seen.source());
        Timestamp at = Timestamp.from(seen.at());
        values.add(at);
        values.add(at);
        return values.toArray();
    }

    private <R> List<ChangeLog.Entry> differences(
            Kind<R> kind, R row, @Nullable Object[] before, @Nullable Object[] after) {
        var found = new ArrayList<ChangeLog.Entry>();
        for (int i = 0; i < after.length; i++) {
            Column<R> column = kind.facts().get(i);
            boolean firstTold = column.nullIsUnknown() && before[i] == null;
            if (!column.told().isEmpty() && !firstTold && !Objects.equals(before[i], after[i])) {
                found.add(entry(kind, row, column.told(), shown(column, before[i]), shown(column, after[i])));
            }
        }
        return found;
    }

    private static <R> @Nullable String shown(Column<R> column, @Nullable Object value) {
        return value == null ? null : column.text().apply(value);
    }

    private static <R> ChangeLog.Entry entry(
            Kind<R> kind, R row, String what, @Nullable String before, @Nullable String after) {
        return new ChangeLog.Entry(
                kind.node().apply(row),
                kind.word(),
                kind.subject().apply(row),
                kind.title().apply(row),
                what,
                before,
                after);
    }

    private static <R> @Nullable String summary(Kind<R> kind, @Nullable Object[] facts) {
        var parts = new ArrayList<String>();
        for (int i = 0; i < facts.length && parts.size() < 3; i++) {
            Object value = facts[i];
            Column<R> column = kind.facts().get(i);
            if (value != null && !column.told().isEmpty() && !value.toString().isEmpty()) {
                parts.add(column.told() + " " + column.text().apply(value));
            }
        }
        return parts.isEmpty() ? null : String.join(", ", parts);
    }

    private <R> int markGone(
            Kind<R> kind, LabId lab, Map<String, Stored> missing, Seen seen, List<ChangeLog.Entry> told) {
        var batch = new ArrayList<Object[]>();
        Timestamp at = Timestamp.from(seen.at());
        missing.forEach((key, stored) -> {
            if (stored.goneAt() != null) {
                return;
            }
            String[] parts = key.split("\u001f", -1);
            var values = new ArrayList<Object>(List.of(at, at, lab.value()));
            for (int i = 0; i < kind.keys().size(); i++) {
                values.add(kind.keys().get(i).type() == Long.class ? (Object) Long.valueOf(parts[i]) : parts[i]);
            }
            batch.add(values.toArray());
            told.add(new ChangeLog.Entry(
                    named(kind, "node", parts, stored.facts()),
                    kind.word(),
                    subject(kind, parts),
                    Objects.requireNonNullElse(named(kind, "name", parts, stored.facts()), subject(kind, parts)),
                    "gone",
                    summary(kind, stored.facts()),
                    null));
        });
        if (batch.isEmpty()) {
            return 0;
        }
        String where =
                kind.keys().stream().map(c -> c.name() + " = ?").collect(java.util.stream.Collectors.joining(" and "));
        return count(jdbc.batchUpdate(
                "update " + kind.table() + " set gone_at = ?, changed_at = ? where gone_at is null and lab = ? and "
                        + where,
                batch));
    }

    /** The last key part that is not the node: vmid, address, interface, storage; of a node, its name. */
    private static <R> String subject(Kind<R> kind, String[] key) {
        for (int i = 0; i < kind.keys().size(); i++) {
            if (!kind.keys().get(i).name().equals("node")) {
                return key[i];
            }
        }
        return key[0];
    }

    private static <R> @Nullable String named(Kind<R> kind, String column, String[] key, @Nullable Object[] facts) {
        for (int i = 0; i < kind.keys().size(); i++) {
            if (kind.keys().get(i).name().equals(column)) {
                return key[i];
            }
        }
        for (int i = 0; i < facts.length; i++) {
            if (kind.facts().get(i).name().equals(column) && facts[i] != null) {
                return Objects.toString(facts[i]);
            }
        }
        return null;
    }

    private static int count(int[] results) {
        int sum = 0;
        for (int rows : results) {
            sum += Math.max(rows, 0);
        }
        return sum;
    }
}
