/** Screens of runs: the list, one run live, its evidence; the preview that every page shows before it starts one. */
@NamedInterface("ui")
@NullMarked
package dev.rackhouse.runbook.ui;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
