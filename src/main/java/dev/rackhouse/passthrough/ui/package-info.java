/** The wizard that creates a passthrough VM, and findings where devices are shown. */
@NamedInterface("ui")
@NullMarked
package dev.rackhouse.passthrough.ui;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
