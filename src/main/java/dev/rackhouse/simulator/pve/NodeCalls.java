package dev.rackhouse.simulator.pve;

import dev.rackhouse.simulator.world.LabSeed.CpuSeed;
import dev.rackhouse.simulator.world.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nodes: list, state, version, time, services, packages, power. */
final class NodeCalls {
    private static final List<String> SERVICES = List.of(
            "pveproxy",
            "pvedaemon",
            "pvestatd",
            "pve-cluster",
            "corosync",
            "pve-firewall",
            "pve-ha-crm",
            "pve-ha-lrm",
            "pvescheduler",
            "spiceproxy",
            "chrony",
            "cron",
            "lxcfs",
            "postfix",
            "qmeventd",
            "sshd",
            "syslog",
            "systemd-journald");

    private NodeCalls() {}

    static void register(Calls calls) {
        calls.on("GET /version", req -> version(req.arrived));
        calls.on("GET /nodes", NodeCalls::list);
        calls.on("GET /nodes/{node}/version", req -> version(req.node()));
        calls.on("GET /nodes/{node}/status", NodeCalls::status);
        calls.on("POST /nodes/{node}/status", NodeCalls::power);
        calls.on("GET /nodes/{node}/time", NodeCalls::time);
        calls.on(
                "GET /nodes/{node}/dns", req -> fixed(req, "dns", Map.of("search", "lab.internal", "dns1", "1.1.1.1")));
        calls.on("GET /nodes/{node}/subscription", NodeCalls::subscription);
        calls.on("GET /nodes/{node}/services", NodeCalls::services);
        calls.on(
                "GET /nodes/{node}/services/{service}",
                req -> List.of(
                        Map.of("subdir", "state"),
                        Map.of("subdir", "start"),
                        Map.of("subdir", "stop"),
                        Map.of("subdir", "restart"),
                        Map.of("subdir", "reload")));
        for (String action : List.of("start", "stop", "restart", "reload")) {
            calls.on(
                    "POST /nodes/{node}/services/{service}/" + action,
                    req -> req.task("srv" + action, req.get("service"), task -> task.pauseMillis(500)));
        }
        calls.on("GET /nodes/{node}/apt/versions", NodeCalls::versions);
        calls.on("GET /nodes/{node}/apt/update", req -> fixed(req, "apt/update", List.of()));
        calls.on(
                "POST /nodes/{node}/apt/update",
                req -> req.task("aptupdate", "", task -> {
                    task.log("starting apt-get update");
                    task.pauseMillis(1500);
                    task.log("Hit:1 http://download.proxmox.com/debian/pve trixie InRelease");
                    task.log("Reading package lists...");
                }));
        calls.on("GET /nodes/{node}/certificates/info", NodeCalls::certificates);
        calls.on("GET /nodes/{node}/syslog", NodeCalls::syslog);
        calls.on(
                "GET /nodes/{node}/journal",
                req -> List.of(
                        "-- Journal begins --", line(req, "pvestatd[1203]: status update time (0.412 seconds)")));
    }

    static Object fixed(Req req, String path, Object otherwise) {
        Object known = req.node().seed.answers().get(path);
        return known == null ? otherwise : known;
    }

    private static Map<String, Object> version(Node node) {
        Map<String, Object> version = new LinkedHashMap<>();
        String full = node.seed.version();
        String[] parts = full.split("\\.");
        version.put("version", full);
        version.put("release", parts.length > 1 ? parts[0] + "." + parts[1] : full);
        version.put("repoid", node.seed.repoid());
        return version;
    }

    /** What the running guests of a node take: processors in use, and memory in bytes. */
    record Load(double cpus, long memory) {
        static final Load NONE = new Load(0, 0);
    }

    /** Loads of all nodes in one pass. */
    static Map<String, Load> loads(World world) {
        Map<String, Load> loads = new HashMap<>();
        for (Guest guest : world.guests.values()) {
            Node node = guest.running ? world.nodes.get(guest.node) : null;
            if (node != null) {
                GuestNumbers numbers = new GuestNumbers(world, node, guest);
                loads.merge(
                        guest.node,
                        new Load(numbers.cpu() * numbers.cpus(), numbers.memoryOnHost()),
                        (a, b) -> new Load(a.cpus + b.cpus, a.memory + b.memory));
            }
        }
        return loads;
    }

    static long memoryUsed(World world, Node node) {
        return memoryUsed(node, loads(world).getOrDefault(node.name(), Load.NONE));
    }

    private static long memoryUsed(Node node, Load load) {
        return Math.min(node.machine.memoryUsedBytes() + load.memory, node.machine.memoryTotalBytes());
    }

    /** Load of the node: a little of its own, and what its guests take. */
    static double cpu(World world, Node node) {
        return cpu(world, node, loads(world).getOrDefault(node.name(), Load.NONE));
    }

    private static double cpu(World world, Node node, Load load) {
        if (node.seed.cpu().hvm().isEmpty()) {
            return 0.0215827338129496;
        }
        double busy = 0.02
                + 0.01 * Math.sin(world.now() / 120.0)
                + load.cpus / node.seed.cpu().cpus();
        return Math.min(1, Math.round(busy * 1e9) / 1e9);
    }

    private static Object list(Req req) {
        List<Object> rows = new ArrayList<>();
        Map<String, Load> loads = loads(req.world);
        for (Node node : req.world.nodes.values()) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("id", "node/" + node.name());
            row.put("node", node.name());
            row.put("type", "node");
            row.put("status", !node.online ? "offline" : blind(req.world, node) ? "unknown" : "online");
            row.put("level", "");
            row.put("ssl_fingerprint", node.fingerprint);
            if (node.online && !blind(req.world, node) && req.may("/nodes/" + node.name(), "Sys.Audit")) {
                numbers(req.world, node, loads.getOrDefault(node.name(), Load.NONE), row);
            }
            rows.add(row);
        }
        return rows;
    }

    static boolean blind(World world, Node node) {
        return world.now() < node.blindUntil;
    }

    static void numbers(World world, Node node, Load load, Map<String, @Nullable Object> row) {
        row.put("cpu", cpu(world, node, load));
        row.put("maxcpu", node.seed.cpu().cpus());
        row.put("mem", memoryUsed(node, load));
        row.put("maxmem", node.machine.memoryTotalBytes());
        row.put("disk", node.seed.root().used());
        row.put("maxdisk", node.seed.root().total());
        row.put("uptime", node.machine.uptimeSeconds());
    }

    private static Object status(Req req) {
        Node node = req.node();
        World world = req.world;
        Machine machine = node.machine;
        CpuSeed cpu = node.seed.cpu();
        String kernelVersion = "#1 SMP PREEMPT_DYNAMIC";
        Map<String, @Nullable Object> status = new LinkedHashMap<>();
        status.put("pveversion", "pve-manager/" + node.seed.version() + "/" + node.seed.repoid());
        status.put("kversion", "Linux " + machine.kernelRelease() + " " + kernelVersion);
        status.put(
                "current-kernel",
                Map.of(
                        "sysname",
                        "Linux",
                        "release",
                        machine.kernelRelease(),
                        "version",
                        kernelVersion,
                        "machine",
                        "x86_64"));
        Map<String, Object> boot = new LinkedHashMap<>();
        boot.put("mode", node.seed.bootMode());
        if (node.seed.bootMode().equals("efi")) {
            boot.put("secureboot", Boolean.TRUE.equals(node.seed.secureBoot()) ? 1 : 0);
        }
        status.put("boot-info", boot);
        status.put("uptime", machine.uptimeSeconds());
        status.put("cpu", cpu.hvm().isEmpty() ? 0 : cpu(world, node));
        status.put("wait", cpu.hvm().isEmpty() ? 0 : 0.00041);
        status.put("idle", 0);
        status.put("loadavg", List.of("0.79", "1.69", "2.21"));
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("model", cpu.model());
        info.put("vendor", cpu.vendor());
        info.put("sockets", cpu.sockets());
        info.put("cores", cpu.cores());
        info.put("cpus", cpu.cpus());
        info.put("mhz", cpu.mhz());
        info.put("family", cpu.family());
        info.put("flags", cpu.flags());
        info.put("hvm", cpu.hvm());
        info.put("user_hz", 100);
        status.put("cpuinfo", info);
        long total = machine.memoryTotalBytes();
        long used = memoryUsed(world, node);
        Map<String, Object> memory = new LinkedHashMap<>();
        memory.put("total", total);
        memory.put("used", used);
        if (node.major() >= 9) {
            memory.put("available", total - used);
            memory.put("free", Math.max(0, (total - used) / 2));
        } else {
            memory.put("free", total - used);
        }
        status.put("memory", memory);
        status.put("swap", Map.of("total", node.seed.swap(), "used", 0, "free", node.seed.swap()));
        long rootTotal = node.seed.root().total();
        long rootUsed = node.seed.root().used();
        status.put(
                "rootfs",
                Map.of(
                        "total",
                        rootTotal,
                        "used",
                        rootUsed,
                        "free",
                        rootTotal - rootUsed,
                        "avail",
                        Math.max(0, rootTotal - rootUsed - node.seed.root().reserved())));
        status.put("ksm", Map.of("shared", 0));
        return status;
    }

    private static @Nullable Object power(Req req) {
        NodePower.ask(req.world, req.node(), req.get("command").equals("shutdown"));
        return null;
    }

    private static Object time(Req req) {
        long now = req.world.now();
        return Map.of("timezone", "UTC", "time", now, "localtime", now);
    }

    private static Object subscription(Req req) {
        Map<String, Object> none = new LinkedHashMap<>();
        none.put("status", "notfound");
        none.put("message", "There is no subscription key");
        if (req.may("/nodes/" + req.node().name(), "Sys.Audit")) {
            none.put("serverid", Guest.sha1(req.node().name()).substring(0, 32).toUpperCase(java.util.Locale.ROOT));
            none.put("url", "https://www.proxmox.com/en/proxmox-virtual-environment/pricing");
        }
        return none;
    }

    private static Object services(Req req) {
        List<Object> rows = new ArrayList<>();
        boolean cluster = req.world.seed.cluster() != null;
        for (String name : SERVICES) {
            boolean runs = !name.equals("postfix") && (cluster || !name.equals("corosync"));
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", name);
            row.put("service", name);
            row.put("desc", name + ".service");
            row.put("state", runs ? "running" : "dead");
            row.put("active-state", runs ? "active" : "inactive");
            row.put("unit-state", runs ? "enabled" : "disabled");
            rows.add(row);
        }
        return rows;
    }

    private static Object versions(Req req) {
        Object known = req.node().seed.answers().get("apt/versions");
        if (known != null) {
            return known;
        }
        String version = req.node().seed.version();
        List<Object> rows = new ArrayList<>();
        for (String name : List.of("proxmox-ve", "pve-manager", "qemu-server", "pve-container", "zfsutils-linux")) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("Package", name);
            row.put("Title", name);
            row.put("Description", name);
            row.put("Version", version);
            row.put("OldVersion", version);
            row.put("CurrentState", "Installed");
            row.put("Priority", "optional");
            row.put("Section", "admin");
            row.put("Origin", "Proxmox");
            row.put("Arch", "amd64");
            if (name.equals("proxmox-ve")) {
                row.put("RunningKernel", req.node().machine.kernelRelease());
            } else if (name.equals("pve-manager")) {
                row.put("ManagerVersion", version + "/" + req.node().seed.repoid());
            }
            rows.add(row);
        }
        return rows;
    }

    private static Object certificates(Req req) {
        Map<String, Object> own = new LinkedHashMap<>();
        own.put("filename", "pve-ssl.pem");
        own.put("fingerprint", req.node().fingerprint);
        own.put(
                "subject",
                "/OU=PVE Cluster Node/O=Proxmox Virtual Environment/CN="
                        + req.node().name() + ".lab.internal");
        own.put("issuer", "/CN=Proxmox Virtual Environment/OU=" + req.world.seed.name() + "/O=PVE Cluster Manager CA");
        own.put("pem", req.node().certificate);
        own.put("public-key-type", "id-ecPublicKey");
        own.put("public-key-bits", 256);
        own.put(
                "san",
                List.of(
                        "127.0.0.1",
                        "localhost",
                        req.node().seed.ip(),
                        req.node().name()));
        own.put("notbefore", 1_762_000_000L);
        own.put("notafter", 1_825_072_000L);
        return List.of(own);
    }

    private static String line(Req req, String text) {
        return java.time.format.DateTimeFormatter.ofPattern("MMM dd HH:mm:ss", java.util.Locale.ROOT)
                        .withZone(java.time.ZoneOffset.UTC)
                        .format(java.time.Instant.ofEpochSecond(req.world.now()))
                + " " + req.node().name() + " " + text;
    }

    private static Object syslog(Req req) {
        List<Object> rows = new ArrayList<>();
        List<Task> tasks = req.world.tasks.newestFirst().reversed().stream()
                .filter(task -> task.node.equals(req.node().name()))
                .toList();
        int start = req.number("start", 0);
        int limit = req.number("limit", 50);
        for (int i = start; i < tasks.size() && i < start + limit; i++) {
            Task task = tasks.get(i);
            rows.add(Map.of(
                    "n",
                    i + 1,
                    "t",
                    line(req, "pvedaemon[1801]: <" + task.owner.id() + "> starting task " + task.upid)));
        }
        return new Handler.Extra(rows, Map.of("total", tasks.size()));
    }

    /** How long a node that was told to reboot goes on answering. */
    static final Duration GRACE = Duration.ofSeconds(2);
}
