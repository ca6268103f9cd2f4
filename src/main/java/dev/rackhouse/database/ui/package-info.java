/** Screens about the console's own data: what is kept for how long. */
@NullMarked
package dev.rackhouse.database.ui;

import org.jspecify.annotations.NullMarked;
