package dev.rackhouse.preparation;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.NumaNode;
import java.util.List;
import java.util.Optional;

/**
 * Huge pages that are set aside at boot. A plain number, which the kernel spreads evenly over the NUMA nodes: Proxmox understands no
 * other form (hosts, 2.3 hp.pernode).
 *
 * @param sizeMiB 2 or 1024
 * @param count pages on the whole host; at least 1
 */
public record Hugepages(int sizeMiB, int count) {

    /** What each NUMA node keeps for the host itself. */
    private static final ByteSize HOST_NEEDS = ByteSize.ofGiB(2);

    public Hugepages {
        if (sizeMiB != 2 && sizeMiB != 1024) {
            throw new IllegalArgumentException("Huge pages have 2 MiB or 1 GiB");
        }
        if (count < 1 || count > 10_000_000) {
            throw new IllegalArgumentException("At least one page, not " + count);
        }
    }

    List<String> words() {
        String size = sizeMiB == 1024 ? "1G" : "2M";
        return List.of("default_hugepagesz=" + size, "hugepagesz=" + size, "hugepages=" + count);
    }

    ByteSize size() {
        return ByteSize.ofMiB(sizeMiB);
    }

    ByteSize total() {
        return ByteSize.ofMiB((long) sizeMiB * count);
    }

    /** As said: {@code 136 pages of 1 GiB}. */
    String label() {
        return count + (count == 1 ? " page of " : " pages of ") + size();
    }

    /** Why this host cannot set so many aside; empty when it can. An odd rest goes to the first nodes. */
    Optional<String> doesNotFit(HostFacts facts) {
        List<NumaNode> nodes = facts.numaNodes();
        if (nodes.isEmpty()) {
            return Optional.of("The host did not show how much memory its NUMA nodes have, so " + label()
                    + " cannot be planned.");
        }
        long each = (count + nodes.size() - 1L) / nodes.size();
        long bytes = each * size().bytes();
        for (NumaNode node : nodes) {
            if (bytes + HOST_NEEDS.bytes() > node.total().bytes()) {
                return Optional.of(
                        "%s are %d on each of %d NUMA nodes, %s. Node %d has %s, and %s must stay for the host itself."
                                .formatted(
                                        label(),
                                        each,
                                        nodes.size(),
                                        new ByteSize(bytes),
                                        node.number(),
                                        node.total(),
                                        HOST_NEEDS));
            }
        }
        return Optional.empty();
    }

    /** Pages of this size that are set aside now. */
    long reserved(HostFacts facts) {
        return facts.numaNodes().stream()
                .mapToLong(n -> n.pages(size()).reserved())
                .sum();
    }
}
