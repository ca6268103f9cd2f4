package dev.rackhouse.simulator.world;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state from which a pretend lab starts, as read from {@code labs/<lab>/lab.json}. Missing parts are empty. Values
 * that the API shows as a whole (storage definitions, interfaces, disks, jobs) are kept as maps in the API's own words.
 *
 * @param name of the lab, {@code targaryen}
 * @param cluster name of the cluster, null for a node without one
 * @param now Unix time at which the lab's clock starts, null for the real time
 * @param options datacenter options as the API prints them
 */
public record LabSeed(
        String name,
        @Nullable String cluster,
        @Nullable Long now,
        List<NodeSeed> nodes,
        List<StorageSeed> storages,
        List<GuestSeed> guests,
        List<MappingSeed> mappings,
        AccessSeed access,
        List<PoolSeed> pools,
        List<Map<String, Object>> backupJobs,
        Map<String, Object> options) {

    public LabSeed {
        nodes = list(nodes);
        storages = list(storages);
        guests = list(guests);
        mappings = list(mappings);
        access = access == null ? new AccessSeed(List.of(), Map.of(), List.of(), Map.of()) : access;
        pools = list(pools);
        backupJobs = list(backupJobs);
        options = map(options);
    }

    /**
     * @param name what the machine calls itself
     * @param ip address of the node in the API's answers
     * @param version of pve-manager, {@code 9.2.11} or {@code 8.4.14}
     * @param repoid short hash in the version, may be empty
     * @param bootMode {@code efi} or {@code legacy-bios}
     * @param pci functions for a machine in memory; empty where a machine of its own knows them
     * @param network interface rows as the API prints them, each with {@code iface}
     * @param disks rows of disks/list
     * @param hugePages reserved huge pages by size in MiB ({@code "2"}, {@code "1024"})
     * @param vfio whether VFIO works on this machine (in memory only)
     * @param online whether the node is switched on
     * @param answers hardware facts that no call changes, by sub-path of the node: {@code disks/zfs}, {@code disks/lvm},
     *     {@code disks/smart?disk=/dev/sda}, {@code hardware/usb}, {@code dns}, {@code apt/update}...
     */
    public record NodeSeed(
            String name,
            String ip,
            String version,
            String repoid,
            String kernel,
            String bootMode,
            @Nullable Boolean secureBoot,
            CpuSeed cpu,
            long memory,
            long memoryUsed,
            long swap,
            SpaceSeed root,
            long uptime,
            List<PciFunction> pci,
            List<Map<String, Object>> network,
            List<Map<String, Object>> disks,
            Map<String, Integer> hugePages,
            @Nullable Boolean vfio,
            @Nullable Boolean online,
            Map<String, Object> answers) {
        public NodeSeed {
            ip = or(ip, "127.0.0.1");
            version = or(version, "9.2.11");
            repoid = or(repoid, "14a22df35955d97d");
            kernel = or(kernel, version.startsWith("8") ? "6.8.12-15-pve" : "6.17.9-1-pve");
            bootMode = or(bootMode, "efi");
            cpu = cpu == null ? new CpuSeed("AMD EPYC", "AuthenticAMD", 1, 2, 4, "2445.426", "25", "", "1") : cpu;
            memory = memory == 0 ? 32L << 30 : memory;
            memoryUsed = memoryUsed == 0 ? memory / 16 : memoryUsed;
            root = root == null ? new SpaceSeed(100L << 30, 20L << 30, 5L << 30) : root;
            uptime = uptime == 0 ? 4000 : uptime;
            pci = list(pci);
            network = list(network);
            disks = list(disks);
            hugePages = map(hugePages);
            answers = map(answers);
        }

        /** Node is switched on unless the seed says otherwise. */
        public boolean isOnline() {
            return online == null || online;
        }

        /** VFIO works unless the seed says otherwise. */
        public boolean hasVfio() {
            return vfio == null || vfio;
        }
    }

    /** Processor of a node, in the words of node status. {@code hvm} is "1" or "". */
    public record CpuSeed(
            String model,
            String vendor,
            int sockets,
            int cores,
            int cpus,
            String mhz,
            String family,
            String flags,
            String hvm) {
        public CpuSeed {
            vendor = or(vendor, "AuthenticAMD");
            sockets = Math.max(1, sockets);
            cores = Math.max(1, cores);
            cpus = Math.max(cores, cpus);
            mhz = or(mhz, "2445.426");
            family = or(family, "25");
            flags = or(flags, "");
            hvm = or(hvm, "1");
        }
    }

    /**
     * Size and use in bytes.
     *
     * @param reserved bytes that are neither used nor available (kept for root)
     */
    public record SpaceSeed(long total, long used, long reserved) {
        public SpaceSeed(long total, long used) {
            this(total, used, 0);
        }
    }

    /**
     * @param storage id
     * @param config definition as GET /storage prints it, with {@code type}, {@code content}, {@code path}...
     * @param space size and use by node name; {@code *} for all others
     * @param volumes what lies on it
     * @param hanging whether its server does not answer (calls end after 30 s with 596)
     * @param offline whether it is not reachable ({@code active 0})
     */
    public record StorageSeed(
            String storage,
            Map<String, Object> config,
            Map<String, SpaceSeed> space,
            List<VolumeSeed> volumes,
            boolean hanging,
            boolean offline) {
        public StorageSeed {
            config = map(config);
            space = map(space);
            volumes = list(volumes);
        }
    }

    /**
     * @param volid {@code local:iso/debian.iso}
     * @param node where it lies, null on shared storages and for the only node
     * @param content images, rootdir, iso, vztmpl, backup, snippets, import
     * @param vmid owner, 0 for none
     * @param ctime Unix time, 0 when the storage tells none
     */
    public record VolumeSeed(
            String volid,
            @Nullable String node,
            String content,
            String format,
            long size,
            int vmid,
            long ctime,
            @Nullable String notes,
            @Nullable Boolean protectedBackup,
            @Nullable String subtype,
            @Nullable Map<String, String> guestConfig) {}

    /**
     * @param kind qemu or lxc
     * @param config keys and values as in the file; numbers as text
     * @param pending changes that wait for the next start
     * @param pendingDelete keys that go away at the next start
     * @param running whether it runs
     * @param ignoresShutdown whether it does not react to a shutdown
     * @param agentRunning whether the guest agent answers, null: when the configuration switches it on
     * @param agent answers of the agent's information commands by name
     */
    public record GuestSeed(
            String node,
            String kind,
            int vmid,
            Map<String, String> config,
            Map<String, String> pending,
            List<String> pendingDelete,
            List<SnapshotSeed> snapshots,
            boolean running,
            @Nullable Long uptime,
            boolean ignoresShutdown,
            @Nullable Boolean agentRunning,
            Map<String, Object> agent) {
        public GuestSeed {
            kind = or(kind, "qemu");
            config = map(config);
            pending = map(pending);
            pendingDelete = list(pendingDelete);
            snapshots = list(snapshots);
            agent = map(agent);
        }
    }

    /** A snapshot; {@code parent} null for the first. */
    public record SnapshotSeed(
            String name,
            @Nullable String description,
            @Nullable String parent,
            long snaptime,
            boolean vmstate,
            Map<String, String> config) {
        public SnapshotSeed {
            config = map(config);
        }
    }

    /**
     * @param kind pci, usb or dir
     * @param map entries as property strings
     */
    public record MappingSeed(
            String kind,
            String id,
            @Nullable String description,
            List<String> map,
            @Nullable Boolean mdev,
            @Nullable Boolean liveMigrationCapable) {
        public MappingSeed {
            kind = or(kind, "pci");
            map = list(map);
        }
    }

    /** Users, additional roles, access entries and groups (name to members). */
    public record AccessSeed(
            List<UserSeed> users,
            Map<String, List<String>> roles,
            List<AclSeed> acl,
            Map<String, List<String>> groups) {
        public AccessSeed {
            users = list(users);
            roles = map(roles);
            acl = list(acl);
            groups = map(groups);
        }
    }

    /** A user with sign-in password (null: none) and tokens. {@code root@pam} always exists. */
    public record UserSeed(
            String userid,
            @Nullable String password,
            @Nullable Boolean enable,
            long expire,
            @Nullable String comment,
            @Nullable String email,
            List<TokenSeed> tokens) {
        public UserSeed {
            tokens = list(tokens);
        }
    }

    /** A token; privilege separation is on unless {@code privsep} is false. */
    public record TokenSeed(
            String id,
            String secret,
            @Nullable Boolean privsep,
            long expire,
            @Nullable String comment) {}

    /** An access entry; {@code type} is user, group or token; propagates unless {@code propagate} is false. */
    public record AclSeed(
            String path,
            String type,
            String ugid,
            String roleid,
            @Nullable Boolean propagate) {}

    /** A pool with its guests and storages. */
    public record PoolSeed(String poolid, @Nullable String comment, List<Integer> vms, List<String> storages) {
        public PoolSeed {
            vms = list(vms);
            storages = list(storages);
        }
    }

    private static String or(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }

    private static <T> List<T> list(@Nullable List<T> values) {
        return values == null ? List.of() : List.copyOf(values);
    }

    private static <V> Map<String, V> map(@Nullable Map<String, V> values) {
        return values == null ? Map.of() : new LinkedHashMap<>(values);
    }
}
