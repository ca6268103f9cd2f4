package dev.rackhouse.simulator.pve;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** How often which path was called, and how it ended. Thread-safe. */
final class Counters {
    private static final class Row {
        final AtomicLong calls = new AtomicLong();
        final Map<Integer, AtomicLong> byStatus = new ConcurrentSkipListMap<>();
    }

    private final Map<String, Row> rows = new ConcurrentSkipListMap<>();
    private final Map<String, AtomicLong> nodes = new ConcurrentSkipListMap<>();
    private final AtomicLong total = new AtomicLong();

    /** A call that is being answered; {@code end} is counted once. */
    final class Open {
        private final Row row;
        private boolean ended;

        Open(Row row) {
            this.row = row;
        }

        void end(int status) {
            if (!ended) {
                ended = true;
                row.byStatus.computeIfAbsent(status, s -> new AtomicLong()).incrementAndGet();
            }
        }
    }

    Open open(String node, String method, String path) {
        Row row = rows.computeIfAbsent(method + " " + path.replaceFirst("^/api2/json", ""), k -> new Row());
        row.calls.incrementAndGet();
        total.incrementAndGet();
        nodes.computeIfAbsent(node, n -> new AtomicLong()).incrementAndGet();
        return new Open(row);
    }

    void reset() {
        rows.clear();
        nodes.clear();
        total.set(0);
    }

    Map<String, Object> snapshot(Map<String, Integer> effects) {
        Map<String, Object> calls = new TreeMap<>();
        rows.forEach((key, row) -> {
            Map<String, Object> statuses = new LinkedHashMap<>();
            row.byStatus.forEach((status, count) -> statuses.put(Integer.toString(status), count.get()));
            calls.put(key, Map.of("calls", row.calls.get(), "status", statuses));
        });
        Map<String, Object> perNode = new TreeMap<>();
        nodes.forEach((name, count) -> perNode.put(name, count.get()));
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("total", total.get());
        all.put("nodes", perNode);
        all.put("calls", calls);
        all.put("effects", new TreeMap<>(effects));
        return all;
    }
}
