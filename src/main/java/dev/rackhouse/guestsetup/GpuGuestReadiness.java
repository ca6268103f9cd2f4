package dev.rackhouse.guestsetup;

import java.util.List;

/** Whether the GPUs of a guest can be set up, with all that was found on the way. */
public sealed interface GpuGuestReadiness {

    List<Remark> remarks();

    record Ready(GpuGuestPlan plan, List<Remark> remarks) implements GpuGuestReadiness {
        public Ready {
            remarks = List.copyOf(remarks);
        }
    }

    record Blocked(List<Remark> remarks) implements GpuGuestReadiness {
        public Blocked {
            remarks = List.copyOf(remarks);
        }
    }

    /** How much a remark weighs. */
    enum Kind {
        BLOCKS,
        WARNS,
        INFORMS,
        /** It is so already. */
        DONE
    }

    /**
     * @param sentence what was found
     * @param remedy what to do; empty: nothing
     */
    record Remark(Kind kind, String sentence, String remedy) {}
}
