package dev.rackhouse.preparation;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciSlot;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wishes for a host, shaped like the page.
 *
 * @param iommu turn the IOMMU on
 * @param identity {@code iommu=pt}: the host's own devices go without translation
 * @param early slots that vfio-pci gets before any other driver
 * @param pages huge pages to set aside at boot; null: leave them as they are
 * @param strayLine take the line out of {@code /etc/default/grub} that only sets a shell variable
 * @param virqfdLine take vfio_virqfd out of the lists of modules
 * @param accepted keys of warnings that were ticked
 * @param somebodyThere what was typed where the console itself depends on the host
 */
public record PreparationDraft(
        NodeRef node,
        boolean iommu,
        boolean identity,
        Set<PciSlot> early,
        @Nullable Hugepages pages,
        boolean strayLine,
        boolean virqfdLine,
        Set<String> accepted,
        String somebodyThere) {

    /** What must be typed. */
    public static final String SOMEBODY_THERE = "somebody is there";

    public PreparationDraft {
        early = java.util.Collections.unmodifiableSet(new TreeSet<>(early));
        accepted = Set.copyOf(accepted);
    }

    /** Nothing is wished. */
    public static PreparationDraft empty(NodeRef node) {
        return new PreparationDraft(node, false, false, Set.of(), null, false, false, Set.of(), "");
    }

    public PreparationDraft withIommu(boolean on) {
        return new PreparationDraft(
                node, on, identity, early, pages, strayLine, virqfdLine, accepted, somebodyThere);
    }

    public PreparationDraft withIdentity(boolean on) {
        return new PreparationDraft(node, iommu, on, early, pages, strayLine, virqfdLine, accepted, somebodyThere);
    }

    public PreparationDraft withEarly(Set<PciSlot> slots) {
        return new PreparationDraft(
                node, iommu, identity, slots, pages, strayLine, virqfdLine, accepted, somebodyThere);
    }

    public PreparationDraft withPages(@Nullable Hugepages wanted) {
        return new PreparationDraft(
                node, iommu, identity, early, wanted, strayLine, virqfdLine, accepted, somebodyThere);
    }

    public PreparationDraft withoutLines(boolean stray, boolean virqfd) {
        return new PreparationDraft(node, iommu, identity, early, pages, stray, virqfd, accepted, somebodyThere);
    }

    public PreparationDraft withAccepted(Set<String> keys) {
        return new PreparationDraft(node, iommu, identity, early, pages, strayLine, virqfdLine, keys, somebodyThere);
    }

    public PreparationDraft withSomebodyThere(String typed) {
        return new PreparationDraft(
                node, iommu, identity, early, pages, strayLine, virqfdLine, accepted, typed.strip());
    }
}
