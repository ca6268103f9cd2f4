/** Power actions where guests are shown. */
@NullMarked
package dev.rackhouse.guest.ui;

import org.jspecify.annotations.NullMarked;
