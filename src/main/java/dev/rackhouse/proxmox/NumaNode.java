package dev.rackhouse.proxmox;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code numaN}: one NUMA node of the guest.
 *
 * @param cpus guest CPUs, as ranges
 * @param hostNodes host nodes, as ranges; with huge pages exactly one
 * @param memoryMiB this node's share; all shares must add up to the VM's memory
 * @param policy null without host nodes
 */
public record NumaNode(
        List<Range> cpus,
        List<Range> hostNodes,
        @Nullable Long memoryMiB,
        @Nullable Policy policy) {

    /** How strictly the memory stays on the host nodes. */
    public enum Policy {
        PREFERRED,
        BIND,
        INTERLEAVE
    }

    /** Numbers from first to last, both included. */
    public record Range(int first, int last) {
        public Range {
            if (first < 0 || last < first) {
                throw new IllegalArgumentException(first + "-" + last + " is no range");
            }
        }

        static Range parse(String text) {
            if (!text.matches("\\d{1,4}(-\\d{1,4})?")) {
                throw new IllegalArgumentException("'" + text + "' is no range");
            }
            int dash = text.indexOf('-');
            return dash < 0
                    ? new Range(Integer.parseInt(text), Integer.parseInt(text))
                    : new Range(Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
        }

        @Override
        public String toString() {
            return first == last ? Integer.toString(first) : first + "-" + last;
        }
    }

    public NumaNode {
        cpus = List.copyOf(cpus);
        hostNodes = List.copyOf(hostNodes);
        if (cpus.isEmpty()) {
            throw new IllegalArgumentException("a NUMA node needs CPUs");
        }
        if (policy == null && !hostNodes.isEmpty()) {
            policy = Policy.PREFERRED;
        }
    }

    /** Guest CPUs {@code first} to {@code last}, their memory bound to one host node. */
    public static NumaNode bound(int first, int last, int hostNode, long memoryMiB) {
        return new NumaNode(
                List.of(new Range(first, last)), List.of(new Range(hostNode, hostNode)), memoryMiB, Policy.BIND);
    }

    /** @throws IllegalArgumentException when it is not written as Proxmox writes it */
    public static NumaNode parse(String text) {
        PropertyString p = PropertyString.parse(text, null);
        String policy = p.take("policy");
        String memory = p.take("memory");
        return new NumaNode(
                ranges(p.need("cpus")),
                ranges(p.take("hostnodes")),
                memory == null ? null : Long.valueOf(Math.round(Double.parseDouble(memory))),
                policy == null ? null : Policy.valueOf(policy.toUpperCase(Locale.ROOT)));
    }

    private static List<Range> ranges(@Nullable String text) {
        return text == null
                ? List.of()
                : Arrays.stream(text.split(";")).map(Range::parse).toList();
    }

    public String print() {
        return PropertyString.empty()
                .put("cpus", printed(cpus))
                .put("hostnodes", hostNodes.isEmpty() ? null : printed(hostNodes))
                .put("memory", memoryMiB)
                .put("policy", policy == null ? null : policy.name().toLowerCase(Locale.ROOT))
                .print(null);
    }

    private static String printed(List<Range> ranges) {
        return String.join(";", ranges.stream().map(Range::toString).toList());
    }
}
