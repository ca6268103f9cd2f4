/** The wizard that creates a passthrough VM, and findings where devices are shown. */
@NullMarked
package dev.rackhouse.passthrough.ui;

import org.jspecify.annotations.NullMarked;
