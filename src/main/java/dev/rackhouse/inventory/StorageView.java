package dev.rackhouse.inventory;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Seen;
import dev.rackhouse.base.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A storage as one node has it. A shared one stands once a node.
 *
 * @param type {@code zfspool}, {@code dir}, {@code nfs}...; null when not told
 * @param content {@code images}, {@code backup}...
 * @param used null when not known, never zero for that
 */
public record StorageView(
        NodeRef node,
        String labName,
        String storage,
        @Nullable String type,
        List<String> content,
        boolean shared,
        String status,
        @Nullable ByteSize total,
        @Nullable ByteSize used,
        Verdict verdict,
        Seen seen) {

    public StorageView {
        content = List.copyOf(content);
    }

    /** 0 to 1; null when not known. */
    public @Nullable Double share() {
        return total == null || used == null || total.bytes() == 0 ? null : (double) used.bytes() / total.bytes();
    }
}
