package dev.rackhouse.simulator.pve;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reading and changing configurations of VMs. */
final class ConfigCalls {
    private static final String VM = "/nodes/{node}/qemu/{vmid}";
    private static final Set<String> CONTROL = Set.of(
            "node",
            "vmid",
            "delete",
            "revert",
            "digest",
            "skiplock",
            "force",
            "background_delay",
            "import-working-storage");

    private ConfigCalls() {}

    static void register(Calls calls) {
        calls.on("GET " + VM + "/config", ConfigCalls::read);
        calls.on("GET /nodes/{node}/lxc/{vmid}/config", ConfigCalls::read);
        calls.on("GET " + VM + "/pending", req -> Pending.rows(req.guest()));
        calls.on("GET /nodes/{node}/lxc/{vmid}/pending", req -> Pending.rows(req.guest()));
        calls.waiting("PUT " + VM + "/config", req -> change(req, false));
        calls.waiting("POST " + VM + "/config", req -> change(req, true));
        calls.on("GET " + VM + "/cloudinit", ConfigCalls::cloudInit);
        calls.waiting("PUT " + VM + "/cloudinit", ConfigCalls::regenerate);
        calls.on("GET " + VM + "/cloudinit/dump", ConfigCalls::dump);
    }

    private static Object read(Req req) {
        Guest guest = req.guest();
        String snapshot = req.opt("snapshot");
        if (snapshot != null) {
            if (req.has("current") && req.flag("current")) {
                throw ApiError.parameter("snapshot", "cannot use 'snapshot' parameter with 'current'");
            }
            Guest.Snapshot found = guest.snapshots.get(snapshot);
            if (found == null) {
                throw ApiError.died("snapshot '" + snapshot + "' does not exist");
            }
            Map<String, @Nullable Object> view = GuestConfig.typed(guest, found.config);
            view.put("snaptime", found.time);
            if (found.parent != null) {
                view.put("parent", found.parent);
            }
            return view;
        }
        Map<String, @Nullable Object> view = GuestConfig.view(guest, req.flag("current"));
        if (guest.parent != null) {
            view.put("parent", guest.parent);
        }
        return view;
    }

    /** What a change asks for, checked as far as possible without the configuration. */
    private record Change(Map<String, String> set, List<String> delete, List<String> revert) {}

    private static @Nullable Object change(Req req, boolean background) throws InterruptedException {
        Change change = parse(req);
        Guest guest = req.world.locked(() -> {
            Guest found = req.guest();
            req.world.requireQuorum();
            Map<String, String> before = new TreeMap<>(found.config);
            before.putAll(found.pending);
            OptionRights rights = new OptionRights(req, found.vmid, null);
            DriveChecks.access(req, found.vmid, change.set, null);
            rights.check(change.set, change.delete, before);
            return found;
        });
        String digest = req.opt("digest");
        if (digest != null && !digest.equals(req.world.locked(guest::digest))) {
            throw ApiError.died("checksum mismatch (file change by other user?)");
        }
        req.world.locked(() -> GuestPower.checkLock(guest, req.flag("skiplock")));
        if (background) {
            String upid = req.task("qmconfig", Integer.toString(guest.vmid), task -> {
                task.log("update VM " + guest.vmid + ": " + words(req));
                perform(req, guest, change, task);
            });
            return delayed(req, upid);
        }
        Task quiet = new Task(req.world, req.node().name(), 0, 0, req.world.now(), "qmconfig", "", req.caller);
        perform(req, guest, change, quiet);
        return null;
    }

    /** With {@code background_delay} the answer waits that long and is empty when the task is done by then. */
    private static @Nullable Object delayed(Req req, String upid) throws InterruptedException {
        int seconds = req.number("background_delay", 0);
        if (seconds == 0) {
            return upid;
        }
        Task task = req.world.tasks.find(upid);
        for (int i = 0; i < seconds * 10 && task != null; i++) {
            if (!task.running()) {
                String exit = task.exit();
                if (exit != null && !task.succeeded()) {
                    throw ApiError.died(exit);
                }
                return null;
            }
            req.world.clock.pause(Duration.ofMillis(100));
        }
        return upid;
    }

    private static String words(Req req) {
        List<String> words = new ArrayList<>();
        req.params.forEach((key, value) -> {
            if (!Set.of("node", "vmid", "digest").contains(key)) {
                words.add("-" + key + " " + (key.equals("cipassword") ? "**********" : value));
            }
        });
        return String.join(" ", words);
    }

    private static Change parse(Req req) {
        req.rootOnly("skiplock");
        Map<String, String> set = new TreeMap<>();
        req.params.forEach((key, value) -> {
            if (!CONTROL.contains(key)) {
                set.put(key.equals("cdrom") ? "ide2" : key, value.toString());
            }
        });
        if (set.isEmpty() && !req.has("delete") && !req.has("revert")) {
            throw ApiError.died("no options specified");
        }
        List<String> revert = new ArrayList<>();
        for (String key : new LinkedHashSet<>(Formats.split(req.get("revert", "")))) {
            known(key, "revert");
            if (set.containsKey(key)) {
                throw ApiError.parameter(
                        "delete", "you can't use '-" + key + "' and '-revert " + key + "' at the same time");
            }
            revert.add(key);
        }
        List<String> delete = new ArrayList<>();
        for (String asked : new LinkedHashSet<>(Formats.split(req.get("delete", "")))) {
            String key = asked.equals("cdrom") ? "ide2" : asked;
            if (set.containsKey(key)) {
                throw ApiError.parameter(
                        "delete", "you can't use '-" + key + "' and -delete " + key + "' at the same time");
            }
            if (revert.contains(key)) {
                throw ApiError.parameter(
                        "revert", "you can't use '-revert " + key + "' and '-delete " + key + "' at the same time");
            }
            known(key, "delete");
            delete.add(key);
        }
        return new Change(set, delete, revert);
    }

    private static void known(String key, String parameter) {
        if (!GuestConfig.known("qemu", key) && !key.equals("lock") && !key.equals("runningmachine")) {
            throw ApiError.parameter(parameter, "unknown option '" + key + "'");
        }
    }

    private static void perform(Req req, Guest guest, Change change, Task task) throws InterruptedException {
        World world = req.world;
        acquire(world, guest);
        try {
            world.locked(() -> GuestPower.checkLock(guest, req.flag("skiplock")));
            List<String> made = new ArrayList<>();
            Map<String, String> stored = new TreeMap<>(change.set);
            Map<String, String> drives = Disks.among(change.set);
            drives.values().removeIf(String::isEmpty);
            try {
                stored.putAll(Disks.create(world, req.node(), task, guest.vmid, drives, made));
            } catch (ApiError e) {
                made.forEach(new Images(world, req.node())::remove);
                throw e;
            }
            world.locked(() -> store(req, guest, change, stored));
        } finally {
            guest.fileLock.release();
        }
    }

    static void acquire(World world, Guest guest) throws InterruptedException {
        if (!guest.fileLock.tryAcquire(
                world.clock.real(Duration.ofSeconds(10)), java.util.concurrent.TimeUnit.NANOSECONDS)) {
            throw ApiError.died("can't lock file '" + guest.lockFile() + "' - got timeout");
        }
    }

    private static void store(Req req, Guest guest, Change change, Map<String, String> stored) {
        World world = req.world;
        for (String key : change.revert) {
            guest.pending.remove(key);
            guest.deletions.remove(key);
        }
        for (String key : change.delete) {
            delete(req, guest, key);
        }
        normalise(world, "qemu", stored);
        stored.forEach((key, value) -> {
            guest.deletions.remove(key);
            if (value.equals(guest.config.get(key))) {
                guest.pending.remove(key);
            } else {
                guest.pending.put(key, value);
            }
        });
        if (guest.running) {
            Pending.hotplug(world, guest);
        } else {
            Pending.apply(world, guest);
        }
    }

    private static void delete(Req req, Guest guest, String key) {
        guest.pending.remove(key);
        if (key.equals("lock")) {
            guest.config.remove(key);
            return;
        }
        if (GuestConfig.isUnused(key)) {
            String value = guest.config.remove(key);
            if (value != null) {
                new Images(req.world, req.node()).remove(GuestConfig.volume(key, value));
            }
            return;
        }
        String value = guest.config.get(key);
        if (value == null) {
            return;
        }
        if (GuestConfig.isDrive(key) && "1".equals(guest.config.get("protection"))) {
            throw ApiError.died("can't remove drive '" + key + "' - protection mode enabled");
        }
        if (GuestConfig.isDrive(key) && (value.contains("cloudinit") || req.flag("force"))) {
            new Images(req.world, req.node()).remove(GuestConfig.volume(key, value));
            guest.config.remove(key);
            return;
        }
        guest.deletions.put(key, req.flag("force"));
    }

    /** Spellings that the server changes on writing. */
    static void normalise(World world, String kind, Map<String, String> values) {
        values.replaceAll((key, value) -> {
            String base = GuestConfig.base(key);
            if (key.equals("tags")) {
                return GuestConfig.tags(value);
            }
            if (base.equals("net")) {
                return GuestConfig.storedNet(world, kind, value);
            }
            if (key.equals("vmgenid") && value.equals("1")) {
                return GuestConfig.uuid();
            }
            return value;
        });
        if (kind.equals("qemu")) {
            values.values().removeIf(String::isEmpty);
        }
    }

    private static Object cloudInit(Req req) {
        Guest guest = req.guest();
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (String key : List.of(
                "ciuser",
                "cipassword",
                "sshkeys",
                "nameserver",
                "searchdomain",
                "citype",
                "ciupgrade",
                "cicustom",
                "name")) {
            String value = guest.config.get(key);
            if (value != null && !key.equals("name")) {
                Map<String, @Nullable Object> row = new LinkedHashMap<>();
                row.put("key", key);
                String started = guest.running ? guest.started.get(key) : value;
                if (started != null) {
                    row.put("value", GuestConfig.typed("qemu", key, started));
                }
                if (started == null || !started.equals(value)) {
                    row.put("pending", GuestConfig.typed("qemu", key, value));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static @Nullable Object regenerate(Req req) throws InterruptedException {
        Guest guest = req.world.locked(req::guest);
        acquire(req.world, guest);
        try {
            req.world.locked(() -> {
                if (guest.running) {
                    Map<String, String> now = new TreeMap<>(guest.started);
                    now.putAll(guest.config);
                    guest.started = now;
                }
            });
            return null;
        } finally {
            guest.fileLock.release();
        }
    }

    private static Object dump(Req req) {
        Guest guest = req.guest();
        StringBuilder out = new StringBuilder();
        switch (req.get("type")) {
            case "user" -> {
                out.append("#cloud-config\nhostname: ").append(guest.name());
                out.append("\nmanage_etc_hosts: true\nfqdn: ")
                        .append(guest.name())
                        .append('\n');
                String user = guest.config.get("ciuser");
                if (user != null) {
                    out.append("user: ").append(user).append('\n');
                }
                String keys = guest.config.get("sshkeys");
                if (keys != null) {
                    out.append("ssh_authorized_keys:\n");
                    Bodies.decode(keys)
                            .lines()
                            .forEach(key -> out.append("  - ").append(key).append('\n'));
                }
                out.append("chpasswd:\n  expire: False\nusers:\n  - default\npackage_upgrade: ")
                        .append(!"0".equals(guest.config.get("ciupgrade")))
                        .append('\n');
            }
            case "network" -> {
                out.append("version: 1\nconfig:\n");
                guest.config.forEach((key, value) -> {
                    if (GuestConfig.base(key).equals("ipconfig")) {
                        String index = key.substring("ipconfig".length());
                        Map<String, String> parts = PropertyString.parse("pve-qm-ipconfig", value);
                        out.append("    - type: physical\n      name: eth")
                                .append(index)
                                .append('\n');
                        out.append("      subnets:\n      - type: ")
                                .append("dhcp".equals(parts.get("ip")) ? "dhcp4" : "static")
                                .append('\n');
                    }
                });
            }
            default ->
                out.append("instance-id: ").append(Guest.sha1(guest.text())).append('\n');
        }
        return out.toString();
    }
}
