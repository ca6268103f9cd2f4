/** The shell that every screen stands in: layout, navigation, search, badges, figures, error notices. */
@NamedInterface("ui")
@NullMarked
package dev.rackhouse.base.ui;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
