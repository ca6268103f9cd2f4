/** Screens of model serving: models and where they could run, deployments and how they stand, modes; live parts for other pages. */
@NamedInterface("ui")
@NullMarked
package dev.rackhouse.inference.ui;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
