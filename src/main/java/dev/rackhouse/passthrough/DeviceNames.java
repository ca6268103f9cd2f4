package dev.rackhouse.passthrough;

import dev.rackhouse.inventory.fact.HardwareNames;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.passthrough.PassthroughPlan.Device;
import dev.rackhouse.passthrough.PassthroughPlan.PlannedFunction;
import dev.rackhouse.proxmox.PciMapping;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Turns chosen functions into planned devices: with the mapping that stands for exactly them, or a free name for a new one. */
final class DeviceNames {

    private final Site site;
    private final HostFacts facts;
    private final Set<String> taken;

    DeviceNames(Site site, HostFacts facts) {
        this.site = site;
        this.facts = facts;
        this.taken = new HashSet<>(site.mappings().keySet());
    }

    /** @param functions of one slot, at least one */
    Device device(List<PciFunction> functions) {
        PciFunction first = functions.getFirst();
        boolean alone = facts.functions(first.slot()).stream()
                        .filter(f -> !f.virtualFunction())
                        .count()
                == 1;
        boolean whole = functions.size() > 1;
        String path = (alone || !whole ? first.address() : first.slot()).toString();
        Optional<String> existing = mappingFor(path, first);
        String name = existing.orElseGet(() -> freeName(path));
        taken.add(name);
        return new Device(
                name,
                existing.isEmpty(),
                path,
                first.ids(),
                first.subsystem(),
                first.group(),
                HardwareNames.describe(first),
                functions.stream()
                        .map(f -> new PlannedFunction(f.address(), f.ids(), f.driver()))
                        .toList());
    }

    /** A mapping that stands for exactly this device on this node, and fits the hardware. */
    private Optional<String> mappingFor(String path, PciFunction first) {
        return site.mappings().entrySet().stream()
                .filter(e -> {
                    List<PciMapping> here = e.getValue().stream()
                            .filter(m -> m.node().equals(site.node().node()))
                            .toList();
                    return here.size() == 1 && fits(here.getFirst(), path, first);
                })
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst();
    }

    private static boolean fits(PciMapping mapping, String path, PciFunction first) {
        String subsystem = first.subsystem();
        String mapped = mapping.subsystemId();
        return mapping.path().equals(path)
                && mapping.id().equalsIgnoreCase(first.ids())
                && (subsystem == null ? mapped == null : subsystem.equalsIgnoreCase(mapped))
                && Objects.equals(mapping.iommuGroup(), first.group());
    }

    private String freeName(String path) {
        String base = "rackhouse-" + site.node().node().toLowerCase(Locale.ROOT) + "-"
                + path.replaceFirst("^0000:", "").replace(":", "").replace(".", "-");
        String name = base;
        for (int i = 2; taken.contains(name); i++) {
            name = base + "-" + i;
        }
        return name;
    }
}
