package dev.rackhouse.passthrough;

import dev.rackhouse.runbook.Outline;
import java.util.List;
import java.util.Set;

/**
 * A runbook as {@link Fuzz} holds it against made hosts: every outline that the console would build for a host and some of its
 * devices. Registered in {@code dev.rackhouse.rehearsal.FuzzCommand}.
 */
public interface FuzzedRunbook {

    /** What becomes of the devices that an outline names, and so what speaks against naming one. */
    enum Effect {
        /** A guest takes them now: nothing that the host needs, that a running guest has, or that shares a group with such. */
        GIVES_AWAY,
        /** They are kept or named for guests that start later; one that runs now may hold them meanwhile. */
        NAMES,
        /** They leave vfio-pci for a driver of the host: nothing that a running guest has, nor what shares a group with such. */
        GIVES_BACK
    }

    /**
     * What the console would do.
     *
     * @param takes slots and functions that would be gone from the host with it, whether a command names them or not
     * @param recorded slots and functions that stood in configurations before and that an undo puts back as they were; a command that
     *     sends one of them unchanged, because what it writes is only written as a whole, does not name it anew
     */
    record Offer(Outline outline, List<String> takes, Set<String> recorded) {

        public Offer {
            takes = List.copyOf(takes);
            recorded = Set.copyOf(recorded);
        }

        public Offer(Outline outline, List<String> takes) {
            this(outline, takes, Set.of());
        }
    }

    /** A runbook at one host, with all that is expensive computed once. */
    interface Asked {

        /**
         * The outlines, as they would be previewed when every warning is ticked; empty when the console refuses. Pure.
         *
         * @param devices slots and functions, as a person could name them, right or wrong
         */
        List<Offer> offers(List<String> devices);
    }

    /** As it is called in a violation. */
    String name();

    Effect effect();

    Asked at(FuzzedPlace place);
}
