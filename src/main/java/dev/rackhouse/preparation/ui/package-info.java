/** Preparing a host: the page that leads to the run, and the buttons on findings that open it. */
@NamedInterface("ui")
@NullMarked
package dev.rackhouse.preparation.ui;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
