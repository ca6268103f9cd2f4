package dev.rackhouse.simulator.pve;

import java.util.List;
import java.util.Map;

/** Directory listings of the API: names of what lies below a path. */
final class IndexCalls {
    private IndexCalls() {}

    static void register(Calls calls) {
        index(
                calls,
                "/access",
                "subdir",
                "users",
                "groups",
                "roles",
                "acl",
                "domains",
                "ticket",
                "permissions",
                "password");
        index(
                calls,
                "/cluster",
                "name",
                "backup",
                "backup-info",
                "log",
                "mapping",
                "nextid",
                "options",
                "resources",
                "status",
                "tasks",
                "jobs");
        index(calls, "/cluster/mapping", "name", "pci", "usb", "dir");
        index(
                calls,
                "/nodes/{node}",
                "name",
                "apt",
                "capabilities",
                "certificates",
                "disks",
                "dns",
                "hardware",
                "lxc",
                "network",
                "qemu",
                "query-url-metadata",
                "rrddata",
                "services",
                "status",
                "storage",
                "subscription",
                "syslog",
                "tasks",
                "time",
                "version",
                "vzdump");
        index(calls, "/nodes/{node}/apt", "id", "update", "versions");
        index(calls, "/nodes/{node}/capabilities", "name", "qemu");
        index(calls, "/nodes/{node}/capabilities/qemu", "name", "cpu", "machines");
        index(calls, "/nodes/{node}/certificates", "name", "info");
        index(calls, "/nodes/{node}/disks", "name", "list", "smart", "zfs", "lvm", "lvmthin", "directory");
        index(calls, "/nodes/{node}/hardware", "type", "pci", "usb");
        guests(
                calls,
                "qemu",
                "config",
                "pending",
                "status",
                "agent",
                "snapshot",
                "rrddata",
                "feature",
                "clone",
                "migrate",
                "resize",
                "move_disk",
                "cloudinit");
        guests(
                calls,
                "lxc",
                "config",
                "pending",
                "status",
                "interfaces",
                "snapshot",
                "rrddata",
                "feature",
                "clone",
                "migrate",
                "resize");
    }

    private static void guests(Calls calls, String kind, String... names) {
        calls.on("GET /nodes/{node}/" + kind + "/{vmid}", req -> {
            req.guest();
            return rows("subdir", names);
        });
        index(
                calls,
                "/nodes/{node}/" + kind + "/{vmid}/status",
                "subdir",
                "current",
                "start",
                "stop",
                "shutdown",
                "reboot",
                "suspend",
                "resume");
    }

    private static void index(Calls calls, String path, String key, String... names) {
        List<Map<String, String>> rows = rows(key, names);
        calls.on("GET " + path, req -> rows);
    }

    private static List<Map<String, String>> rows(String key, String... names) {
        return List.of(names).stream().map(name -> Map.of(key, name)).toList();
    }
}
