/** How an engine really stands: parsers of what it says about itself, and a pure judgement over a series of observations. */
@NamedInterface("health")
@NullMarked
package dev.rackhouse.inference.health;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
