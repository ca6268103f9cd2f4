package dev.rackhouse.passthrough;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.VmId;
import dev.rackhouse.passthrough.PassthroughPlan.Accepted;
import dev.rackhouse.passthrough.PassthroughPlan.Device;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is needed to give one device to an existing VM; the outline follows from it alone. Stored with the run.
 *
 * @param name of the VM; null: it has none
 * @param identity what the names that this run makes are marked with
 * @param running whether the VM runs now; it is left as it was found
 * @param shutdown what happens when it runs and does not shut down
 * @param device what it gets
 * @param converted devices that it has by raw address and gets by mapping instead
 * @param before the options that change, as recorded; empty: not set
 * @param after the same options as they will be
 * @param inside how the guest itself is asked
 * @param counts how often the guest must then see which ids: {@code 10de:1e81=1 10de:10f8=1}
 * @param twice whether the start is proved a second time: the device has no reset that is known to be good
 * @param words sentences about this kind of device
 * @param accepted warnings that a person has ticked, with what they showed
 */
public record AttachPlan(
        NodeRef node,
        VmId vmid,
        @Nullable String name,
        UUID identity,
        boolean running,
        Shutdown shutdown,
        Device device,
        List<Device> converted,
        SortedMap<String, String> before,
        SortedMap<String, String> after,
        InsideProof inside,
        String counts,
        boolean twice,
        int memoryMiB,
        List<String> words,
        List<Accepted> accepted) {

    public AttachPlan {
        converted = List.copyOf(converted);
        before = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(before));
        after = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(after));
        words = List.copyOf(words);
        accepted = List.copyOf(accepted);
        new GuestChange(node, vmid, before, after);
    }

    /** {@code VM 214 (llm-01)} */
    public String label() {
        return "VM " + vmid + (name == null ? "" : " (" + name + ")");
    }

    /** What new mappings bear. */
    public String mark() {
        return PassthroughPlan.mark(identity);
    }
}
