package dev.rackhouse.inference;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inference.fit.FitQuestion;
import dev.rackhouse.inference.fit.FitQuestion.Link;
import dev.rackhouse.inference.fit.GpuNow;
import dev.rackhouse.inference.fit.UnifiedMemory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place where models can run, with its memory now.
 *
 * @param ref null for cards that nobody has yet
 * @param title {@code 110 ai-inference on thor}
 * @param gpus empty on a Mac, and where nobody knows yet how much memory the cards have
 * @param memory of a Mac; null elsewhere
 * @param measured whether the memory was measured lately; else it is planned from what shall run
 * @param note what stands in the way; empty when nothing does
 */
public record Place(
        @Nullable PlaceRef ref,
        Kind kind,
        String title,
        String labName,
        List<PlacedGpu> gpus,
        @Nullable UnifiedMemory memory,
        Link link,
        FitQuestion.Disk disk,
        boolean measured,
        String note) {

    /** What kind of place. */
    public enum Kind {
        GUEST("guest"),
        DOCKER_HOST("Docker host"),
        MAC("Mac"),
        FREE_CARDS("free cards");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /**
     * A GPU of a place.
     *
     * @param pin null when its UUID is not known
     * @param address on the node
     */
    public record PlacedGpu(GpuNow now, @Nullable GpuPin pin, PciAddress address) {}

    public Place {
        gpus = List.copyOf(gpus);
        if (!gpus.isEmpty() && memory != null) {
            throw new IllegalArgumentException("a place has GPUs or unified memory, not both");
        }
    }

    /** The GPUs that a deployment holds there, without what it holds itself; empty when one is not seen there. */
    List<GpuNow> gpusOf(Deployment deployment) {
        List<GpuNow> its = gpus.stream()
                .filter(g -> g.pin() != null && deployment.holds(g.pin()))
                .map(PlacedGpu::now)
                .map(now -> {
                    GpuNow rest = now;
                    for (GpuNow.Holder holder : now.holders()) {
                        rest = holder.who().equals(deployment.id().value()) ? rest.without(holder) : rest;
                    }
                    return rest;
                })
                .toList();
        return its.size() == deployment.gpus().size() ? its : List.of();
    }
}
