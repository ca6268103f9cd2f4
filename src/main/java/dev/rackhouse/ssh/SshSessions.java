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

    /** Forgets the key first seen at this address, for a guest that was created anew at the same place. */
    public void forgetFirstSeen(SshTarget target) {
        firstSeen.remove(target.place());
        close(target);
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
