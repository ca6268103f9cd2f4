package dev.rackhouse.proxmox;

import dev.rackhouse.base.PciAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a PCI mapping: which device of which node the name stands for. At start everything must match the hardware.
 *
 * @param path {@code 0000:41:00} (all functions of the slot), {@code 0000:41:00.0}, several functions joined with {@code ;}
 * @param id {@code 10de:2204}, lower case
 * @param subsystemId must be given where the hardware has one
 * @param iommuGroup must be given where the IOMMU is on
 */
public record PciMapping(
        String node,
        String path,
        String id,
        @Nullable String subsystemId,
        @Nullable Integer iommuGroup,
        @Nullable String description) {

    public PciMapping {
        if (!path.matches(
                "[a-f0-9]{4,}:[a-f0-9]{2}:[a-f0-9]{2}(\\.[a-f0-9])?(;[a-f0-9]{4,}:[a-f0-9]{2}:[a-f0-9]{2}(\\.[a-f0-9])?)*")) {
            throw new IllegalArgumentException(
                    "'" + path + "' is no path of a mapping: it reads 0000:41:00 or 0000:41:00.0");
        }
        if (!id.matches("[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}")) {
            throw new IllegalArgumentException("'" + id + "' is no vendor:device");
        }
    }

    /** @throws IllegalArgumentException when it is not written as Proxmox writes it */
    public static PciMapping parse(String text) {
        PropertyString p = PropertyString.parse(text, null);
        return new PciMapping(
                p.need("node"),
                p.need("path"),
                p.need("id"),
                p.take("subsystem-id"),
                p.whole("iommugroup", 0, 999_999),
                p.take("description"));
    }

    /** The same, empty instead of an exception. */
    public static Optional<PciMapping> find(String text) {
        try {
            return Optional.of(parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public String print() {
        return PropertyString.empty()
                .put("node", node)
                .put("path", path)
                .put("id", id)
                .put("subsystem-id", subsystemId)
                .put("iommugroup", iommuGroup)
                .put("description", description)
                .print(null);
    }

    /** Whether this entry stands for the function. */
    public boolean names(PciAddress function) {
        List<String> paths = Arrays.asList(path.split(";"));
        return paths.contains(function.toString())
                || paths.contains(function.slot().toString());
    }
}
