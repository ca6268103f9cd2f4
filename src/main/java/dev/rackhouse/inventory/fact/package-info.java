/** What a host says about itself: the probe and pure parsers of its output. No connection inside. */
@NamedInterface("fact")
@NullMarked
package dev.rackhouse.inventory.fact;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
