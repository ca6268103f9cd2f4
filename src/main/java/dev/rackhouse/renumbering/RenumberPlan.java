package dev.rackhouse.renumbering;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.VmId;
import dev.rackhouse.passthrough.GuestChange;
import java.util.List;

/**
 * Everything that makes the names on one node follow its devices. Stored with the run.
 *
 * @param moves for people: {@code 0000:0e:00 -> 0000:10:00 NVIDIA GeForce RTX 2080 SUPER}
 * @param present functions that must be where the plan says: {@code 0000:10:00.0=10de:1e81}
 * @param stopped VMs that must be stopped, since what they name changes
 * @param left what is left as it is, in sentences
 * @param accepted keys of warnings that a person has ticked
 */
public record RenumberPlan(
        NodeRef node,
        List<String> moves,
        List<String> present,
        List<MappingChange> mappings,
        List<GuestChange> guests,
        List<FileChange> files,
        List<VmId> stopped,
        List<String> left,
        List<String> accepted) {

    /**
     * A resource mapping, all entries of all nodes, as it is and as it will be.
     *
     * @param id as Proxmox names it
     */
    public record MappingChange(String id, List<String> before, List<String> after) {
        public MappingChange {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }
    }

    /** One of our files that names addresses. */
    public record FileChange(String path, String before, String after) {}

    public RenumberPlan {
        moves = List.copyOf(moves);
        present = List.copyOf(present);
        mappings = List.copyOf(mappings);
        guests = List.copyOf(guests);
        files = List.copyOf(files);
        stopped = List.copyOf(stopped);
        left = List.copyOf(left);
        accepted = List.copyOf(accepted);
        if (mappings.isEmpty() && guests.isEmpty() && files.isEmpty()) {
            throw new IllegalArgumentException("A plan that rewrites nothing");
        }
    }
}
