package dev.rackhouse.ssh;

/** Which host key a machine must show. There is no "accept all". */
public sealed interface HostKeyTrust {

    /** Exactly this one. */
    record Pinned(HostKey key) implements HostKeyTrust {}

    /**
     * The first one seen at this address through this jump host, then exactly that one for as long as the console runs. Only for
     * guests that the console has just created and whose key nobody can know yet; {@link SshHost#hostKey()} tells it, so that the
     * caller can pin it.
     */
    record FirstSeen() implements HostKeyTrust {}
}
