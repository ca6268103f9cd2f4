/** The button and the dialog by which the GPUs of a guest are set up. */
@NamedInterface("ui")
@NullMarked
package dev.rackhouse.guestsetup.ui;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
