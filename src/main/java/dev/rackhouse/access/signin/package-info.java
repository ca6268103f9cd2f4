/** How a person comes in and goes out: the OpenID Connect provider, groups to roles, logout both ways, the emergency user. */
@NullMarked
package dev.rackhouse.access.signin;

import org.jspecify.annotations.NullMarked;
