package dev.rackhouse.simulator.pve;

import dev.rackhouse.simulator.world.LabSeed;
import dev.rackhouse.simulator.world.LabSeed.GuestSeed;
import dev.rackhouse.simulator.world.LabSeed.MappingSeed;
import dev.rackhouse.simulator.world.LabSeed.NodeSeed;
import dev.rackhouse.simulator.world.LabSeed.PoolSeed;
import dev.rackhouse.simulator.world.LabSeed.StorageSeed;
import dev.rackhouse.simulator.world.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of one lab. Everything but the running of tasks happens under {@link #lock}; nobody waits while holding it.
 */
final class World {
    static final class Pool {
        String comment = "";
        final List<Integer> guests = new ArrayList<>();
        final List<String> storages = new ArrayList<>();
    }

    final LabSeed seed;
    final SimClock clock;
    final ReentrantLock lock = new ReentrantLock();
    final Map<String, Node> nodes = new LinkedHashMap<>();
    final TreeMap<Integer, Guest> guests = new TreeMap<>();
    final Map<String, Storage> storages = new LinkedHashMap<>();
    /** pci, usb, dir: mapping id to its keys; {@code map} is a list. */
    final Map<String, Map<String, Map<String, Object>>> mappings = new LinkedHashMap<>();

    final Map<String, Pool> pools = new TreeMap<>();
    final Map<String, Map<String, Object>> jobs = new LinkedHashMap<>();
    final Map<String, Object> options = new LinkedHashMap<>();
    final Map<Storage.Volume, Boolean> seeded = new IdentityHashMap<>();
    final Map<Integer, String> poolOf = new TreeMap<>();
    final Access access;
    final Tasks tasks;
    final Rights rights;
    final Tickets tickets = new Tickets();
    final AgentRuns agentRuns = new AgentRuns();
    volatile boolean quorate = true;
    volatile NodePower.Watcher powerWatcher = node -> {};

    World(LabSeed seed, Map<String, Machine> machines, double speed) {
        this.seed = seed;
        this.clock = new SimClock(seed.now(), speed);
        for (NodeSeed node : seed.nodes()) {
            Machine machine = machines.get(node.name());
            if (machine == null) {
                throw new IllegalArgumentException("No machine for node " + node.name());
            }
            nodes.put(node.name(), new Node(node, machine, nodes.size() + 1));
        }
        for (StorageSeed storage : seed.storages()) {
            Storage made = new Storage(storage);
            storages.put(made.id, made);
            made.volumes.values().forEach(volume -> seeded.put(volume, true));
        }
        for (String kind : List.of("pci", "usb", "dir")) {
            mappings.put(kind, new TreeMap<>());
        }
        seed.mappings().forEach(this::addMapping);
        for (PoolSeed pool : seed.pools()) {
            Pool made = new Pool();
            made.comment = pool.comment() == null ? "" : pool.comment();
            made.guests.addAll(pool.vms());
            made.storages.addAll(pool.storages());
            pools.put(pool.poolid(), made);
        }
        seed.backupJobs().forEach(job -> jobs.put(String.valueOf(job.get("id")), new LinkedHashMap<>(job)));
        options.putAll(seed.options());
        access = new Access(seed.access(), this::poolOfPath);
        rights = new Rights(this);
        tasks = new Tasks(this);
        for (GuestSeed guest : seed.guests()) {
            addGuest(guest);
        }
        poolsChanged();
        if (!mappings.getOrDefault("pci", Map.of()).isEmpty()) {
            mappingsWritten("pci");
        }
    }

    private void addMapping(MappingSeed seed) {
        Map<String, Object> made = new LinkedHashMap<>();
        made.put("map", new ArrayList<>(seed.map()));
        if (seed.description() != null) {
            made.put("description", seed.description());
        }
        if (Boolean.TRUE.equals(seed.mdev())) {
            made.put("mdev", 1);
        }
        if (Boolean.TRUE.equals(seed.liveMigrationCapable())) {
            made.put("live-migration-capable", 1);
        }
        mappings.getOrDefault(seed.kind(), new TreeMap<>()).put(seed.id(), made);
    }

    /** Adds a guest as a seed has it; a running one is started on its machine. */
    void addGuest(GuestSeed seed) {
        Guest guest = new Guest(seed);
        guests.put(guest.vmid, guest);
        written(guest);
        if (seed.running()) {
            GuestPower.adopt(this, guest);
        }
    }

    private @Nullable String poolOfPath(String path) {
        if (path.startsWith("/vms/")) {
            try {
                return poolOf.get(Integer.valueOf(path.substring(5)));
            } catch (NumberFormatException e) {
                return null;
            }
        }
        if (path.startsWith("/storage/")) {
            for (Map.Entry<String, Pool> pool : pools.entrySet()) {
                if (pool.getValue().storages.contains(path.substring(9))) {
                    return pool.getKey();
                }
            }
        }
        return null;
    }

    void poolsChanged() {
        poolOf.clear();
        pools.forEach((id, pool) -> pool.guests.forEach(vmid -> poolOf.put(vmid, id)));
        access.changed();
    }

    <T extends @Nullable Object> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    long now() {
        return clock.now();
    }

    Node node(String name) {
        Node node = nodes.get(name);
        if (node == null) {
            throw ApiError.died("hostname lookup '" + name + "' failed - failed to get address info for: " + name
                    + ": Name or service not known");
        }
        return node;
    }

    /** The guest on that node; a guest elsewhere does not exist there. */
    Guest guest(String kind, Node node, int vmid) {
        Guest guest = guests.get(vmid);
        if (guest == null || !guest.kind.equals(kind) || !guest.node.equals(node.name())) {
            throw ApiError.died("Configuration file 'nodes/" + node.name()
                    + (kind.equals("qemu") ? "/qemu-server/" : "/lxc/") + vmid + ".conf' does not exist");
        }
        return guest;
    }

    Storage storage(String id) {
        Storage storage = storages.get(id);
        if (storage == null) {
            throw ApiError.died("storage '" + id + "' does not exist");
        }
        return storage;
    }

    /** The storage when it can be used on the node. */
    Storage storage(String id, Node node) {
        Storage storage = storage(id);
        if (storage.disabled()) {
            throw ApiError.died("storage '" + id + "' is disabled");
        }
        if (!storage.onNode(node.name())) {
            throw ApiError.died("storage '" + id + "' is not available on node '" + node.name() + "'");
        }
        return storage;
    }

    Storage.@Nullable Volume volume(String volid, String node) {
        int colon = volid.indexOf(':');
        Storage storage = colon < 0 ? null : storages.get(volid.substring(0, colon));
        return storage == null ? null : storage.find(volid, node);
    }

    /** The configuration file of a guest changed, or is gone when the guest is. */
    void written(Guest guest) {
        guest.sizing = null;
        Node node = nodes.get(guest.node);
        if (node != null) {
            node.machine.configWritten(guest.file(), guests.get(guest.vmid) == guest ? guest.text() : null);
        }
    }

    /** The mapping file of a kind changed; all nodes see it. */
    void mappingsWritten(String kind) {
        StringBuilder text = new StringBuilder();
        mappings.getOrDefault(kind, Map.of()).forEach((id, mapping) -> {
            text.append(id).append('\n');
            mapping.forEach((key, value) -> {
                if (!key.equals("map")) {
                    text.append('\t').append(key).append(' ').append(value).append('\n');
                }
            });
            Validator.strings(mapping.get("map"))
                    .forEach(entry -> text.append("\tmap ").append(entry).append('\n'));
            text.append('\n');
        });
        nodes.values().stream()
                .findFirst()
                .ifPresent(node -> node.machine.configWritten("mapping/" + kind + ".cfg", text.toString()));
    }

    /** Writes need a majority of nodes. */
    void requireQuorum() {
        if (!quorate()) {
            throw ApiError.died("cluster not ready - no quorum?");
        }
    }

    boolean quorate() {
        long up = nodes.values().stream().filter(node -> node.online).count();
        return quorate && up * 2 > nodes.size();
    }

    /** Holds the file lock of a guest's configuration while working; gives up after 10 s. */
    <T extends @Nullable Object> T withFileLock(Guest guest, Supplier<T> work) {
        return withFileLock(guest, Duration.ofSeconds(10), work);
    }

    <T extends @Nullable Object> T withFileLock(Guest guest, Duration limit, Supplier<T> work) {
        try {
            if (!guest.fileLock.tryAcquire(clock.real(limit), TimeUnit.NANOSECONDS)) {
                throw ApiError.died("can't lock file '" + guest.lockFile() + "' - got timeout");
            }
        } catch (InterruptedException e) {
            throw new TaskInterrupted();
        }
        try {
            return work.get();
        } finally {
            guest.fileLock.release();
        }
    }
}
