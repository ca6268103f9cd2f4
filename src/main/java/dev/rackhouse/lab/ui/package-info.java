/** Screens to connect, test, change and remove a lab. */
@NullMarked
package dev.rackhouse.lab.ui;

import org.jspecify.annotations.NullMarked;
