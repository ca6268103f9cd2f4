package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.ByteSize;
import java.util.List;
import java.util.Map;

/**
 * One NUMA node of a host.
 *
 * @param cpus its processors, in order
 * @param distances to each node, itself included, in the order of the nodes; empty when the kernel does not say
 * @param hugepages by page size
 */
public record NumaNode(
        int number,
        List<Integer> cpus,
        ByteSize total,
        ByteSize free,
        List<Integer> distances,
        Map<ByteSize, Hugepages> hugepages) {

    public static final ByteSize ONE_GIB = ByteSize.ofGiB(1);
    public static final ByteSize TWO_MIB = ByteSize.ofMiB(2);

    /** Pages set aside, and how many of them nobody uses. */
    public record Hugepages(long reserved, long free) {
        public static final Hugepages NONE = new Hugepages(0, 0);
    }

    public NumaNode {
        cpus = List.copyOf(cpus);
        distances = List.copyOf(distances);
        hugepages = Map.copyOf(hugepages);
    }

    /** The pages of this size; none when the kernel has no such pool. */
    public Hugepages pages(ByteSize size) {
        return hugepages.getOrDefault(size, Hugepages.NONE);
    }
}
