package dev.rackhouse.runbook;

import dev.rackhouse.base.Secret;
import java.util.Map;

/**
 * A kind of action: turns a plan into an outline, purely. Contributed as a bean.
 *
 * @param <P> the plan: a record that Jackson can write and read
 */
public interface Runbook<P> {

    /** Stable; words joined by hyphens: {@code create-passthrough-vm}. */
    String name();

    /** As shown in lists and filters: {@code Create passthrough VM}. */
    String title();

    /**
     * Raised when the outline for the same plan changes. A run goes on with its stored outline; after the version changed it only
     * offers undo or to leave it as it is.
     */
    int version();

    Class<P> plan();

    /** What will be done: the same for the same plan, without touching a machine, a database or a clock. */
    Outline outline(P plan);

    /**
     * Secrets that its commands name as {@code {secret.NAME}} and that are kept outside of runs. Asked for at the start of a run, and
     * again before one that has ended is undone: a run keeps none beyond its end.
     */
    default Map<String, Secret> secrets(P plan) {
        return Map.of();
    }
}
