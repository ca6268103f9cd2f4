/** The demo's OpenID provider on loopback: sample users, groups in the token, logout from both sides. For demos and tests only. */
@NullMarked
package dev.rackhouse.simulator.openid;

import org.jspecify.annotations.NullMarked;
