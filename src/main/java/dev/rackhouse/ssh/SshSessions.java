package dev.rackhouse.ssh;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** All SSH connections of the console: one per machine, user, key and way there, shared by everybody who needs it. */
public final class SshSessions implements AutoCloseable {

    private final Map<SshTarget, SharedHost> hosts = new ConcurrentHashMap<>();
    private final Map<String, HostKey> firstSeen = new ConcurrentHashMap<>();

    /** The shared host for this target. Does not connect yet. */
    public SshHost open(SshTarget target) {
        return shared(target);
    }

    /** Hangs up on this machine and forgets it; whoever still holds the host may go on, with a new connection. */
    public void close(SshTarget target) {
        SharedHost host = hosts.remove(target);
        if (host != null) {
            host.hangUp();
        }
    }

    /**
     * The key that the machine shows right now, asked over a connection of its own. From here on it counts as the one first seen at this
     * address; only when another one did, for a guest that was created anew at the same place, the old connection is given up.
     */
    public HostKey meet(SshTarget target) {
        SshTarget jump = target.jump();
        SshConnection own = SshConnection.open(target, jump == null ? null : connection(jump), shown -> shown);
        own.close();
        HostKey shown = own.hostKey();
        HostKey before = firstSeen.put(target.place(), shown);
        if (before != null && !before.equals(shown)) {
            close(target);
        }
        return shown;
    }

    @Override
    public void close() {
        hosts.values().forEach(SharedHost::hangUp);
        hosts.clear();
    }

    SshConnection connection(SshTarget target) {
        return shared(target).connected();
    }

    HostKey rememberFirst(SshTarget target, HostKey shown) {
        HostKey known = firstSeen.putIfAbsent(target.place(), shown);
        return known == null ? shown : known;
    }

    private SharedHost shared(SshTarget target) {
        return hosts.computeIfAbsent(target, t -> new SharedHost(this, t));
    }
}
