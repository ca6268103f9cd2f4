/** The button and the dialog by which the GPUs of a guest are set up. */
@NullMarked
package dev.rackhouse.guestsetup.ui;

import org.jspecify.annotations.NullMarked;
