package dev.rackhouse.simulator.pve;

import org.jspecify.annotations.Nullable;

/**
 * Who makes a call.
 *
 * @param user {@code name@realm}
 * @param token name of the token, null with a ticket
 */
record Caller(String user, @Nullable String token) {
    static final Caller ROOT = new Caller("root@pam", null);

    /** As in task ids: {@code name@realm} or {@code name@realm!token}. */
    String id() {
        return token == null ? user : user + "!" + token;
    }

    /** Only a ticket of root@pam is root; its tokens are not. */
    boolean isRoot() {
        return token == null && user.equals("root@pam");
    }
}
