package dev.rackhouse.inference.swap;

import dev.rackhouse.inference.EngineSteps;
import dev.rackhouse.inference.route.ClientRoute;
import dev.rackhouse.inference.route.RouterAt;
import dev.rackhouse.inference.route.RoutesNow;
import dev.rackhouse.runbook.Host;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A swap in all its values, stored with its run.
 *
 * @param place as {@code PlaceRef} writes itself
 * @param where the place as shown
 * @param before the mode that was desired; null: none was
 * @param beforeTitle as shown; empty without one
 * @param mode that shall run
 * @param stop engines that run and give way
 * @param halt engines that Docker starts again and again; they have never answered, so nothing brings them back
 * @param start engines of the mode that do not run yet
 * @param keep engines of the mode that run already
 * @param asleep ids of containers that sleep on the same cards, and go on sleeping
 * @param staying ids of containers on the same cards that go on running
 * @param images that must be there
 * @param drain and {@code atDeadline}: see {@link SwapDraft}
 * @param router null: clients are not told
 */
public record SwapPlan(
        String place,
        String where,
        Host host,
        @Nullable String before,
        String beforeTitle,
        String mode,
        String modeTitle,
        List<Member> stop,
        List<Member> halt,
        List<Member> start,
        List<Member> keep,
        List<String> asleep,
        List<String> staying,
        Set<String> images,
        Duration drain,
        SwapDraft.AtDeadline atDeadline,
        @Nullable Routing router) {

    /**
     * An engine of the swap.
     *
     * @param containerId by which its processes are known on the cards
     * @param sleeps it is put to sleep instead of being stopped, or woken instead of being started
     */
    public record Member(EngineSteps engine, String containerId, List<String> gpus, boolean sleeps) {
        public Member {
            gpus = List.copyOf(gpus);
        }
    }

    /**
     * What the router is told.
     *
     * @param now as it was seen
     * @param drain names whose engines give way
     * @param active who answers afterwards
     * @param off names that nobody answers afterwards
     */
    public record Routing(
            RouterAt at,
            RoutesNow now,
            Set<String> drain,
            List<ClientRoute> active,
            Set<String> off,
            int retryAfterSeconds) {
        public Routing {
            drain = sorted(drain);
            active = List.copyOf(active);
            off = sorted(off);
        }
    }

    public SwapPlan {
        stop = List.copyOf(stop);
        halt = List.copyOf(halt);
        start = List.copyOf(start);
        keep = List.copyOf(keep);
        asleep = List.copyOf(asleep);
        staying = List.copyOf(staying);
        images = sorted(images);
        Objects.requireNonNull(drain);
    }

    private static Set<String> sorted(Set<String> names) {
        return java.util.Collections.unmodifiableSortedSet(new TreeSet<>(names));
    }
}
