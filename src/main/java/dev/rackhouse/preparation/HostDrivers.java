package dev.rackhouse.preparation;

import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PciFunction;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Which driver of a host would take a function, as far as its facts tell for certain: one that is at work or loaded there now. */
final class HostDrivers {

    private HostDrivers() {}

    static Optional<String> of(PciFunction f, HostFacts facts) {
        Optional<String> twins = facts.functions().stream()
                .filter(o -> o.ids().equals(f.ids()) && o.driver() != null && !"vfio-pci".equals(o.driver()))
                .map(o -> Objects.requireNonNullElse(o.driver(), ""))
                .findFirst();
        return twins.or(() -> candidates(f).stream()
                .filter(d -> facts.loadedModules().contains(d)
                        || facts.functions().stream().anyMatch(o -> d.equals(o.driver())))
                .findFirst());
    }

    private static List<String> candidates(PciFunction f) {
        return switch (f.subclass()) {
            case 0x0300, 0x0302, 0x0380 ->
                switch (f.vendor()) {
                    case 0x10de -> List.of("nvidia", "nouveau");
                    case 0x1002 -> List.of("amdgpu", "radeon");
                    case 0x8086 -> List.of("i915", "xe");
                    default -> List.of();
                };
            case 0x0403 -> List.of("snd_hda_intel");
            case 0x0c03 -> List.of("xhci_hcd");
            case 0x0c80 -> f.nvidia() ? List.of("nvidia-gpu") : List.of();
            case 0x0106 -> List.of("ahci");
            case 0x0108 -> List.of("nvme");
            default -> List.of();
        };
    }
}
