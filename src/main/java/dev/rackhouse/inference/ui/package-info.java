/** Screens of model serving: models and where they could run, deployments, modes. */
@NullMarked
package dev.rackhouse.inference.ui;

import org.jspecify.annotations.NullMarked;
