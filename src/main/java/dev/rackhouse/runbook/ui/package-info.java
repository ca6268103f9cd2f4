/** Screens of runs: the list, one run live, its evidence. */
@NullMarked
package dev.rackhouse.runbook.ui;

import org.jspecify.annotations.NullMarked;
