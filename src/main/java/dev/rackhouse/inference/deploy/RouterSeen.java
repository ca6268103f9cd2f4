package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.route.RouterAt;
import dev.rackhouse.inference.route.RoutesNow;
import org.jspecify.annotations.Nullable;

/**
 * A registered router as it was seen.
 *
 * @param lock of the machine on which it is told
 * @param here it is registered for the place that is asked about
 * @param now null: it did not tell its routes
 */
public record RouterSeen(
        RouterAt at, String lock, boolean here, @Nullable RoutesNow now) {}
