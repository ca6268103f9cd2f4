package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.PciAddress;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One IOMMU group: what the hardware can tell apart only as a whole.
 *
 * @param type {@code DMA}, {@code DMA-FQ}, {@code identity}; {@code -} when the kernel did not say
 * @param rmrr firmware keeps direct access to memory for a member: the kernel refuses to hand it to a guest
 * @param members all functions in it, bridges included
 */
public record IommuGroup(int number, String type, boolean rmrr, List<PciAddress> members) {

    public IommuGroup {
        members = List.copyOf(members);
    }

    /** The record as the probe printed it. */
    public String line() {
        return "G %d type=%s rmrr=%d devices=%s"
                .formatted(
                        number,
                        type,
                        rmrr ? 1 : 0,
                        members.stream().map(PciAddress::toString).collect(Collectors.joining(",")));
    }
}
