package dev.rackhouse.inventory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One kind of thing that is kept: its table, its identity and the facts that are compared.
 *
 * @param word as change rows call it: {@code guest}
 * @param keys the identity within a lab
 * @param title how a person knows the thing: its name
 * @param node the node it stands on, if any
 * @param unsure the source lists the thing but cannot tell its state: missing values mean unknown, not gone
 * @param quiet differences are written but never told as changes
 */
record Kind<R>(
        String word,
        String table,
        List<Column<R>> keys,
        List<Column<R>> facts,
        Function<R, String> subject,
        Function<R, String> title,
        Function<R, @Nullable String> node,
        Predicate<R> unsure,
        boolean quiet) {

    Kind {
        keys = List.copyOf(keys);
        facts = List.copyOf(facts);
    }

    private static String names(List<? extends Column<?>> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }

    /** Reads what is stored of a lab, or of one of its nodes: keys, facts, gone_at, unsure_since. */
    String select(boolean oneNode) {
        return "select " + names(keys) + ", " + names(facts) + ", gone_at, unsure_since from " + table
                + " where lab = ?" + (oneNode ? " and node = ?" : "");
    }

    /** Writes one thing; writes nothing when it is already so, even if another replica was faster. */
    String upsert() {
        var all = new ArrayList<Column<R>>(keys);
        all.addAll(facts);
        var written = new ArrayList<String>();
        facts.forEach(c -> written.add(c.name()));
        written.addAll(List.of("gone_at", "unsure_since"));
        String set = written.stream().map(c -> c + " = excluded." + c).collect(Collectors.joining(", "));
        String now = written.stream().map(c -> "t." + c).collect(Collectors.joining(", "));
        String then = written.stream().map(c -> "excluded." + c).collect(Collectors.joining(", "));
        return "insert into " + table + " as t (lab, " + names(all)
                + ", gone_at, unsure_since, source, first_seen, changed_at) values (?"
                + ", ?".repeat(all.size() + 5) + ") on conflict (lab, " + names(keys) + ") do update set " + set
                + ", source = excluded.source, changed_at = excluded.changed_at where (" + now
                + ") is distinct from (" + then + ")";
    }
}
