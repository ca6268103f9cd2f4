/** Where renumbered devices are shown and put right. */
@NullMarked
package dev.rackhouse.renumbering.ui;

import org.jspecify.annotations.NullMarked;
