package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Series of nodes, guests and storages: steady curves up to now; points before the start have only their time. */
final class RrdCalls {
    private RrdCalls() {}

    static void register(Calls calls) {
        calls.on("GET /nodes/{node}/rrddata", RrdCalls::node);
        calls.on("GET /nodes/{node}/qemu/{vmid}/rrddata", RrdCalls::guest);
        calls.on("GET /nodes/{node}/lxc/{vmid}/rrddata", RrdCalls::guest);
        calls.on("GET /nodes/{node}/storage/{storage}/rrddata", RrdCalls::storage);
    }

    /** Fills one point. */
    private interface Point {
        void fill(Map<String, @Nullable Object> row, double wave);
    }

    private static Object series(Req req, long known, Point point) {
        boolean old = req.node().major() < 9;
        long step;
        int count;
        switch (req.get("timeframe")) {
            case "hour" -> {
                step = 60;
                count = old ? 70 : 60;
            }
            case "day" -> {
                step = old ? 1800 : 60;
                count = old ? 70 : 1440;
            }
            case "week" -> {
                step = old ? 10_800 : 1800;
                count = old ? 70 : 336;
            }
            case "month" -> {
                step = old ? 43_200 : 1800;
                count = old ? 70 : 1440;
            }
            default -> {
                step = old ? 604_800 : 21_600;
                count = old ? 70 : 1440;
            }
        }
        long last = req.world.now() / step * step;
        List<Object> rows = new ArrayList<>();
        for (int i = count - 1; i >= 0; i--) {
            long time = last - i * step;
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("time", time);
            if (time >= known) {
                point.fill(row, 0.5 + 0.4 * Math.sin(time / 900.0) + 0.1 * Math.sin(time / 173.0));
            }
            rows.add(row);
        }
        return rows;
    }

    private static Object node(Req req) {
        Node node = req.node();
        double used = NodeCalls.memoryUsed(req.world, node);
        double total = node.machine.memoryTotalBytes();
        double cpu = NodeCalls.cpu(req.world, node);
        return series(req, req.world.now() - node.machine.uptimeSeconds(), (row, wave) -> {
            row.put("cpu", Math.min(1, cpu * (0.6 + 0.8 * wave)) + 1e-9);
            row.put("maxcpu", node.seed.cpu().cpus());
            row.put("iowait", 0.001 * wave + 1e-9);
            row.put("loadavg", cpu * node.seed.cpu().cpus() * (0.6 + 0.8 * wave) + 1e-9);
            row.put("memtotal", total);
            row.put("memused", used * (0.97 + 0.03 * wave) + 0.25);
            row.put("swaptotal", (double) node.seed.swap());
            row.put("swapused", 0);
            row.put("roottotal", (double) node.seed.root().total());
            row.put("rootused", node.seed.root().used() + 0.5);
            row.put("netin", 8000 * wave);
            row.put("netout", 5000 * wave);
            if (node.major() >= 9) {
                row.put("memavailable", total - used * (0.97 + 0.03 * wave) + 0.25);
                row.put("arcsize", 0);
                row.put("pressurecpusome", wave);
                row.put("pressureiosome", wave / 10);
                row.put("pressureiofull", wave / 20);
                row.put("pressurememorysome", 0);
                row.put("pressurememoryfull", 0);
            }
        });
    }

    private static Object guest(Req req) {
        Guest guest = req.guest();
        Node node = req.node();
        GuestNumbers numbers = new GuestNumbers(req.world, node, guest);
        long since = guest.running ? guest.startedAt : req.world.now() - 600;
        return series(req, since, (row, wave) -> {
            row.put("maxcpu", numbers.cpus());
            row.put("maxmem", (double) numbers.maxMemory());
            row.put("maxdisk", (double) numbers.maxDisk());
            row.put("disk", guest.vm() ? 0 : numbers.disk());
            if (!guest.running) {
                return;
            }
            row.put("cpu", numbers.cpu() * (0.5 + wave) + 1e-9);
            row.put("mem", numbers.memory() * (0.9 + 0.1 * wave) + 0.25);
            row.put("netin", 2000 * wave);
            row.put("netout", 1500 * wave);
            row.put("diskread", 400 * wave);
            row.put("diskwrite", 900 * wave);
            if (node.major() >= 9) {
                row.put("memhost", numbers.memoryOnHost() + 0.25);
                for (String what : List.of("cpu", "io", "memory")) {
                    row.put("pressure" + what + "some", what.equals("cpu") ? wave / 10 : 0);
                    row.put("pressure" + what + "full", 0);
                }
            }
        });
    }

    private static Object storage(Req req) {
        Storage storage = req.world.storage(req.get("storage"), req.node());
        double total = storage.spaceOn(req.node().name()).total();
        double used = storage.used(req.node().name(), req.world.seeded);
        return series(req, 0, (row, wave) -> {
            row.put("total", total);
            row.put("used", used);
        });
    }
}
