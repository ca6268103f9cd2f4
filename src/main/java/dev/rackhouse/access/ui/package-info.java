/** Screens about access: sign-in, my access, the audit. */
@NullMarked
package dev.rackhouse.access.ui;

import org.jspecify.annotations.NullMarked;
