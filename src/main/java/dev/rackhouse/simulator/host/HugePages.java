package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.ProbeDump.Row;
import dev.rackhouse.simulator.world.MachineRefusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Huge pages of a machine by NUMA node and size in KiB, and who has them. Guarded by its machine. */
final class HugePages {
    private static final class Pool {
        int reserved;
        int free;
    }

    private record Taken(int node, int kib, int count) {}

    private final Map<Integer, Map<Integer, Pool>> pools = new TreeMap<>();
    private final Map<Integer, List<Taken>> taken = new HashMap<>();
    private final List<Taken> takenAtStart = new ArrayList<>();
    private final Set<Integer> adopted = new HashSet<>();

    HugePages(ProbeDump dump) {
        for (Row node : dump.rows("NODE")) {
            int number = Integer.parseInt(node.field(0));
            Map<Integer, Pool> sizes = pools.computeIfAbsent(number, key -> new TreeMap<>());
            for (String field : node.fields()) {
                if (field.startsWith("hp_")) {
                    String[] counts = field.substring(field.indexOf('=') + 1).split("/");
                    int kib = Integer.parseInt(field.substring(3, field.indexOf("kB=")));
                    Pool pool = new Pool();
                    pool.reserved = Integer.parseInt(counts[0]);
                    pool.free = Integer.parseInt(counts[1]);
                    sizes.put(kib, pool);
                    if (pool.reserved > pool.free) {
                        takenAtStart.add(new Taken(number, kib, pool.reserved - pool.free));
                    }
                }
            }
        }
    }

    /** The pages that were in use in the dump belong to this guest, which ran there. */
    boolean adopt(int vmid) {
        if (adopted.contains(vmid)) {
            return true;
        }
        if (takenAtStart.isEmpty()) {
            return false;
        }
        adopted.add(vmid);
        taken.put(vmid, new ArrayList<>(takenAtStart));
        takenAtStart.clear();
        return true;
    }

    int free(int pageMiB) {
        return pools.values().stream()
                .map(sizes -> sizes.get(pageMiB * 1024))
                .filter(java.util.Objects::nonNull)
                .mapToInt(pool -> pool.free)
                .sum();
    }

    long reservedKib() {
        return pools.values().stream()
                .flatMap(sizes -> sizes.entrySet().stream())
                .mapToLong(entry -> (long) entry.getKey() * entry.getValue().reserved)
                .sum();
    }

    /** @param spareKib memory from which missing pages can still be made */
    void take(int vmid, int pageMiB, int count, int hostNode, long spareKib) throws MachineRefusal {
        int left = count;
        long spare = spareKib;
        for (Map.Entry<Integer, Map<Integer, Pool>> node : pools.entrySet()) {
            Pool pool = node.getValue().get(pageMiB * 1024);
            if (left == 0 || pool == null || (hostNode >= 0 && node.getKey() != hostNode)) {
                continue;
            }
            int missing = hostNode >= 0 ? left - pool.free : 0;
            if (missing > 0 && (long) missing * pageMiB * 1024 <= spare) {
                pool.reserved += missing;
                pool.free += missing;
                spare -= (long) missing * pageMiB * 1024;
            }
            int here = Math.min(left, pool.free);
            if (here > 0) {
                pool.free -= here;
                left -= here;
                taken.computeIfAbsent(vmid, key -> new ArrayList<>())
                        .add(new Taken(node.getKey(), pageMiB * 1024, here));
            }
        }
        if (left > 0) {
            release(vmid, true);
            throw new MachineRefusal("hugepage allocation failed");
        }
    }

    void release(int vmid, boolean keep) {
        for (Taken pages : taken.getOrDefault(vmid, List.of())) {
            Pool pool = pools.getOrDefault(pages.node(), Map.of()).get(pages.kib());
            if (pool != null) {
                if (keep) {
                    pool.free += pages.count();
                } else {
                    pool.reserved -= pages.count();
                }
            }
        }
        taken.remove(vmid);
        adopted.remove(vmid);
    }

    /** Reserved pages by node and size, for comparing. */
    Map<String, Integer> reserved() {
        Map<String, Integer> counts = new TreeMap<>();
        pools.forEach((node, sizes) ->
                sizes.forEach((kib, pool) -> counts.put("node" + node + " " + kib + "kB", pool.reserved)));
        return counts;
    }

    /** The files to which one writes how many pages there shall be. */
    List<String> files() {
        List<String> files = new ArrayList<>();
        pools.forEach((node, sizes) -> sizes.keySet().forEach(kib -> files.add(folder(node, kib) + "/nr_hugepages")));
        return files;
    }

    private static String folder(int node, int kib) {
        return "/sys/devices/system/node/node" + node + "/hugepages/hugepages-" + kib + "kB";
    }

    /** Someone wrote {@code nr_hugepages} of one node. */
    void resize(int node, int kib, int count) {
        Pool pool = pools.getOrDefault(node, Map.of()).get(kib);
        if (pool != null) {
            int used = pool.reserved - pool.free;
            pool.reserved = Math.max(count, used);
            pool.free = pool.reserved - used;
        }
    }

    void showIn(HostTree tree) {
        pools.forEach((node, sizes) -> sizes.forEach((kib, pool) -> {
            String folder = folder(node, kib);
            tree.line(folder + "/nr_hugepages", "" + pool.reserved);
            tree.line(folder + "/free_hugepages", "" + pool.free);
        }));
    }
}
