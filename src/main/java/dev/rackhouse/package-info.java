/** Rackhouse: a console for the rack in your house. Each sub-package is one capability; its root is its public face. */
@NullMarked
package dev.rackhouse;

import org.jspecify.annotations.NullMarked;
