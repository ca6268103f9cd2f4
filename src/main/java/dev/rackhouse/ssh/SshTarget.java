package dev.rackhouse.ssh;

import org.jspecify.annotations.Nullable;

/**
 * One machine reached by SSH.
 *
 * @param label how it is called in messages: {@code caraxes}
 * @param host name or address, as seen from the jump host if there is one
 * @param port 1 to 65535
 * @param jump the machine the connection goes through; null for directly
 */
public record SshTarget(
        String label,
        String host,
        int port,
        String user,
        SshKey key,
        HostKeyTrust trust,
        @Nullable SshTarget jump) {

    public SshTarget {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(port + " is no port: 1 to 65535");
        }
        if (!host.matches("[A-Za-z0-9._:%\\[\\]-]{1,253}")) {
            throw new IllegalArgumentException("'" + host + "' is no name or address of a machine");
        }
        if (!user.matches("[A-Za-z_][A-Za-z0-9._-]{0,31}\\$?")) {
            throw new IllegalArgumentException("'" + user + "' is no user name");
        }
    }

    /** As messages name it: {@code caraxes (SSH, root@10.0.10.41:22 through thor)}. */
    public String machine() {
        return label + " (SSH, " + user + "@" + host + ":" + port + (jump == null ? "" : " through " + jump.label())
                + ")";
    }

    String place() {
        return host + ":" + port + (jump == null ? "" : " via " + jump.place());
    }
}
