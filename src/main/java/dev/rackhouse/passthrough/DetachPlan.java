package dev.rackhouse.passthrough;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.base.VmId;
import dev.rackhouse.passthrough.PassthroughPlan.Accepted;
import dev.rackhouse.passthrough.PassthroughPlan.PlannedFunction;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is needed to take one device back from a VM. Stored with the run.
 *
 * @param name of the VM; null: it has none
 * @param running whether the VM runs now; it is left as it was found
 * @param shutdown what happens when it runs and does not shut down
 * @param index of the {@code hostpciN}
 * @param value of it, as recorded
 * @param label of the device, for people
 * @param functions that the entry stands for; empty when it names nothing that is here
 * @param inside how the guest itself is asked, when it runs
 * @param counts how often the guest must then see which ids
 * @param accepted warnings that a person has ticked, with what they showed
 */
public record DetachPlan(
        NodeRef node,
        VmId vmid,
        @Nullable String name,
        boolean running,
        Shutdown shutdown,
        int index,
        String value,
        String label,
        List<PlannedFunction> functions,
        InsideProof inside,
        String counts,
        int memoryMiB,
        List<String> words,
        List<Accepted> accepted) {

    public DetachPlan {
        functions = List.copyOf(functions);
        words = List.copyOf(words);
        accepted = List.copyOf(accepted);
        if (index < 0 || index > 15 || value.isEmpty()) {
            throw new IllegalArgumentException("hostpci" + index + " with nothing in it cannot be taken away");
        }
    }

    /** {@code VM 214 (llm-01)} */
    public String guestLabel() {
        return "VM " + vmid + (name == null ? "" : " (" + name + ")");
    }

    /** {@code hostpci0} */
    public String key() {
        return "hostpci" + index;
    }

    List<PciSlot> slots() {
        return functions.stream().map(f -> f.address().slot()).distinct().toList();
    }

    SortedMap<String, String> with(String value) {
        return new TreeMap<>(java.util.Map.of(key(), value));
    }
}
