package dev.rackhouse.simulator.pve;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which code answers which call. Filled once at the start. */
final class Calls {
    /** @param waits whether the code waits itself and takes the world's lock only for parts */
    record Entry(Handler handler, boolean waits) {}

    private final Map<String, Entry> entries = new HashMap<>();

    Calls() {
        ClusterCalls.register(this);
        MappingCalls.register(this);
        NodeCalls.register(this);
        HardwareCalls.register(this);
        NetworkCalls.register(this);
        TaskCalls.register(this);
        AccessCalls.register(this);
        AclCalls.register(this);
        PoolCalls.register(this);
        GuestListCalls.register(this);
        ConfigCalls.register(this);
        CreateCalls.register(this);
        ContainerCalls.register(this);
        PowerCalls.register(this);
        SnapshotCalls.register(this);
        CloneCalls.register(this);
        MigrationCalls.register(this);
        DiskCalls.register(this);
        AgentCalls.register(this);
        StorageCalls.register(this);
        BackupCalls.register(this);
        JobCalls.register(this);
        RrdCalls.register(this);
        IndexCalls.register(this);
    }

    /** A call that neither waits nor blocks: it runs under the world's lock. */
    void on(String key, Handler handler) {
        put(key, new Entry(handler, false));
    }

    /** A call that may wait. */
    void waiting(String key, Handler handler) {
        put(key, new Entry(handler, true));
    }

    private void put(String key, Entry entry) {
        int space = key.indexOf(' ');
        if (CallTable.packed().call(key.substring(0, space), key.substring(space + 1)) == null) {
            throw new IllegalArgumentException("Not in the table: " + key);
        }
        if (entries.putIfAbsent(key, entry) != null) {
            throw new IllegalArgumentException("Twice: " + key);
        }
    }

    @Nullable
    Entry find(String key) {
        return entries.get(key);
    }

    Set<String> keys() {
        return entries.keySet();
    }
}
