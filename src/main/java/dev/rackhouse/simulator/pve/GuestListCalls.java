package dev.rackhouse.simulator.pve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists and states of guests, and what can be done with them. */
final class GuestListCalls {
    private static final List<String> BLOCK_ZEROS = List.of(
            "failed_flush_operations",
            "failed_rd_operations",
            "failed_unmap_operations",
            "failed_wr_operations",
            "failed_zone_append_operations",
            "flush_operations",
            "flush_total_time_ns",
            "invalid_flush_operations",
            "invalid_rd_operations",
            "invalid_unmap_operations",
            "invalid_wr_operations",
            "invalid_zone_append_operations",
            "rd_merged",
            "unmap_bytes",
            "unmap_merged",
            "unmap_operations",
            "unmap_total_time_ns",
            "wr_highest_offset",
            "wr_merged",
            "zone_append_bytes",
            "zone_append_merged",
            "zone_append_operations",
            "zone_append_total_time_ns",
            "wr_bytes",
            "wr_operations",
            "wr_total_time_ns");

    private GuestListCalls() {}

    static void register(Calls calls) {
        calls.on("GET /nodes/{node}/qemu", req -> list(req, "qemu"));
        calls.on("GET /nodes/{node}/lxc", req -> list(req, "lxc"));
        calls.on("GET /nodes/{node}/qemu/{vmid}/status/current", GuestListCalls::current);
        calls.on("GET /nodes/{node}/lxc/{vmid}/status/current", GuestListCalls::current);
        calls.on("GET /nodes/{node}/qemu/{vmid}/feature", GuestListCalls::feature);
        calls.on("GET /nodes/{node}/lxc/{vmid}/feature", GuestListCalls::feature);
        calls.on("GET /nodes/{node}/lxc/{vmid}/interfaces", GuestListCalls::interfaces);
    }

    private static Object list(Req req, String kind) {
        List<Object> rows = new ArrayList<>();
        for (Guest guest : req.world.guests.values()) {
            if (guest.kind.equals(kind)
                    && guest.node.equals(req.node().name())
                    && req.may("/vms/" + guest.vmid, "VM.Audit")) {
                rows.add(row(req.world, req.node(), guest));
            }
        }
        return rows;
    }

    private static Map<String, @Nullable Object> row(World world, Node node, Guest guest) {
        GuestNumbers numbers = new GuestNumbers(world, node, guest);
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("vmid", guest.vmid);
        row.put("name", guest.name());
        row.put("status", guest.running ? "running" : "stopped");
        row.put("uptime", numbers.uptime());
        row.put("cpus", numbers.cpus());
        row.put("cpu", numbers.cpu());
        row.put("maxmem", numbers.maxMemory());
        row.put("mem", numbers.memory());
        row.put("maxdisk", numbers.maxDisk());
        row.put("disk", numbers.disk());
        row.put("netin", numbers.netIn());
        row.put("netout", numbers.netOut());
        if (guest.vm()) {
            if (node.major() >= 9) {
                row.put("memhost", numbers.memoryOnHost());
            }
        } else {
            row.put("type", "lxc");
            row.put("maxswap", Long.parseLong(guest.config.getOrDefault("swap", "512")) << 20);
            row.put("swap", 0);
        }
        if (guest.running || !guest.vm()) {
            row.put("diskread", numbers.diskRead());
            row.put("diskwrite", numbers.diskWrite());
        }
        if (guest.running) {
            row.put("pid", guest.pid);
            pressures(row, guest, node);
        }
        String tags = guest.config.get("tags");
        if (tags != null) {
            row.put("tags", tags);
        }
        if (guest.lock() != null) {
            row.put("lock", guest.lock());
        }
        if (guest.template()) {
            row.put("template", 1);
        }
        if (guest.vm()
                && guest.config.keySet().stream()
                        .anyMatch(key -> GuestConfig.base(key).equals("serial"))) {
            row.put("serial", 1);
        }
        return row;
    }

    /** Numbers for VMs, text for containers. */
    private static void pressures(Map<String, @Nullable Object> row, Guest guest, Node node) {
        if (node.major() < 9) {
            return;
        }
        for (String what : List.of("cpu", "io", "memory")) {
            for (String how : List.of("some", "full")) {
                if (guest.vm()) {
                    row.put("pressure" + what + how, 0);
                } else {
                    row.put("pressure" + what + how, "0.00");
                }
            }
        }
    }

    private static Object current(Req req) {
        Guest guest = req.guest();
        Node node = req.node();
        Map<String, @Nullable Object> status = row(req.world, node, guest);
        status.put("ha", Map.of("managed", 0));
        if (!guest.vm()) {
            return status;
        }
        status.put("qmpstatus", guest.running ? guest.paused ? "paused" : "running" : "stopped");
        String agent = guest.config.get("agent");
        if (agent != null
                && "1".equals(PropertyString.parse("qemu-agent", agent).get("enabled"))) {
            status.put("agent", 1);
        }
        if (!guest.running) {
            status.put("clipboard", null);
        } else {
            running(req.world, node, guest, status);
        }
        return status;
    }

    private static void running(World world, Node node, Guest guest, Map<String, @Nullable Object> status) {
        GuestNumbers numbers = new GuestNumbers(world, node, guest);
        long memory = numbers.maxMemory();
        status.put("balloon", memory);
        Map<String, Object> balloon = new LinkedHashMap<>();
        balloon.put("actual", memory);
        balloon.put("max_mem", memory);
        if (numbers.memory() > 0) {
            balloon.put("last_update", world.now() - 3);
            balloon.put("total_mem", memory - (memory >> 6));
            balloon.put("free_mem", memory - (memory >> 6) - numbers.memory());
            balloon.put("mem_swapped_in", 0);
            balloon.put("mem_swapped_out", 0);
            balloon.put("major_page_faults", 812);
            balloon.put("minor_page_faults", 91_234);
        }
        status.put("ballooninfo", balloon);
        status.put("running-qemu", CreateCalls.qemu(node));
        status.put(
                "running-machine",
                guest.started.getOrDefault("machine", "").contains("q35") ? "pc-q35-10.0+pve1" : "pc-i440fx-10.0+pve1");
        Map<String, Object> nics = new LinkedHashMap<>();
        Map<String, Object> blocks = new LinkedHashMap<>();
        guest.config.forEach((key, value) -> {
            if (GuestConfig.base(key).equals("net")) {
                nics.put(
                        "tap" + guest.vmid + "i" + key.substring(3),
                        Map.of("netin", numbers.netIn(), "netout", numbers.netOut()));
            } else if (GuestConfig.isDrive(key) && !key.equals("tpmstate0")) {
                blocks.put(key, block(numbers));
            }
        });
        status.put("nics", nics);
        status.put("blockstat", blocks);
        Map<String, Object> support = new LinkedHashMap<>();
        for (String feature : List.of(
                "backup-fleecing",
                "backup-max-workers",
                "pbs-masterkey",
                "pbs-dirty-bitmap",
                "pbs-dirty-bitmap-savevm",
                "backup-access-api",
                "pbs-dirty-bitmap-migration",
                "query-bitmap-info")) {
            support.put(feature, true);
        }
        support.put("pbs-library-version", "1.5.1 (UNKNOWN)");
        status.put("proxmox-support", support);
    }

    private static Map<String, Object> block(GuestNumbers numbers) {
        Map<String, Object> block = new LinkedHashMap<>();
        BLOCK_ZEROS.forEach(name -> block.put(name, 0));
        block.put("account_failed", true);
        block.put("account_invalid", true);
        block.put("timed_stats", List.of());
        block.put("rd_bytes", numbers.diskRead());
        block.put("rd_operations", numbers.diskRead() / 24_576 + 1);
        block.put("rd_total_time_ns", numbers.diskRead() * 11 + 27_512);
        block.put("idle_time_ns", 7_916_408_339L);
        return block;
    }

    private static Object feature(Req req) {
        Guest guest = req.guest();
        boolean has = switch (req.get("feature")) {
            case "snapshot" -> Snapshots.possible(req.world, guest);
            case "clone" -> guest.template();
            default -> true;
        };
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("hasFeature", has ? 1 : 0);
        answer.put("nodes", MigrationCalls.nodesWithAllStorages(req.world, guest));
        return answer;
    }

    private static @Nullable Object interfaces(Req req) {
        Guest guest = req.guest();
        if (!guest.running) {
            return null;
        }
        Object own = req.node().machine.agentInfo(guest.vmid, "interfaces");
        if (own != null) {
            return own;
        }
        List<Object> rows = new ArrayList<>();
        rows.add(link("lo", "00:00:00:00:00:00", "127.0.0.1/8"));
        guest.config.forEach((key, value) -> {
            if (GuestConfig.base(key).equals("net")) {
                Map<String, String> net = GuestConfig.net("lxc", value);
                rows.add(link(
                        net.getOrDefault("name", "eth0"),
                        net.getOrDefault("hwaddr", "").toLowerCase(java.util.Locale.ROOT),
                        net.getOrDefault("ip", "")));
            }
        });
        return rows;
    }

    private static Map<String, Object> link(String name, String mac, String ip) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", name);
        row.put("hwaddr", mac);
        row.put("hardware-address", mac);
        List<Object> addresses = new ArrayList<>();
        if (ip.contains("/")) {
            row.put("inet", ip);
            String[] parts = ip.split("/");
            addresses.add(
                    Map.of("ip-address", parts[0], "ip-address-type", "inet", "prefix", Integer.parseInt(parts[1])));
        }
        row.put("ip-addresses", addresses);
        return row;
    }
}
