package dev.rackhouse.ssh;

import dev.rackhouse.base.RemoteFailure;
import java.io.IOException;
import net.schmizz.sshj.SSHClient;
import org.jspecify.annotations.Nullable;

/** Looking at a host's key before anything is trusted. */
public final class HostKeys {

    /** No key has this fingerprint, so the handshake always ends after the host has shown its own. */
    private static final HostKeyTrust NOBODY = new HostKeyTrust.Pinned(new HostKey("SHA256:" + "A".repeat(43)));

    private final SshSessions sessions;

    public HostKeys(SshSessions sessions) {
        this.sessions = sessions;
    }

    /**
     * The key that the host shows; ed25519 when it has one. Nothing is sent, nobody signs in. Blocks at most about 20 seconds.
     *
     * @param jump the machine to go through, which must be trusted already; null for directly
     * @throws RemoteFailure when nobody answers there, or not with SSH
     */
    public HostKey presented(String host, int port, @Nullable SshTarget jump) {
        HostKeyCheck check = HostKeyCheck.of(NOBODY, key -> key);
        SshTarget target = new SshTarget(
                host, host, port, "nobody", new SshKey(new dev.rackhouse.base.Secret(""), ""), NOBODY, jump);
        SshConnection through = jump == null ? null : sessions.connection(jump);
        SSHClient client = SshConnection.client(check);
        try {
            SshConnection.connect(client, host, port, through);
            throw new RemoteFailure.Unreadable(
                    "look at the host key", target.machine(), "no host key", "Check address and port.", null);
        } catch (IOException e) {
            HostKey seen = check.seen();
            if (seen != null) {
                return seen;
            }
            throw SshErrors.connecting("look at the host key", target, e, check);
        } finally {
            SshConnection.closeLater(client);
        }
    }
}
