package dev.rackhouse.simulator.host;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Facts about kernel modules: how they and their drivers are called, and which of them an initramfs holds. */
final class Modules {
    static final String VFIO_PCI = "vfio_pci";

    /** Drivers that do not bear the name of their module. */
    private static final Map<String, String> MODULE_OF_DRIVER = Map.of(
            "xhci_hcd", "xhci_pci",
            "nvidia-gpu", "i2c_nvidia_gpu",
            "i801_smbus", "i2c_i801",
            "piix4_smbus", "i2c_piix4",
            "intel-spi", "spi_intel_pci");

    private static final Set<String> BUILT_IN = Set.of("pcieport", "skl_uncore");

    /** What {@code MODULES=most} of initramfs-tools 0.142 copies, as far as pretend machines have the hardware. */
    private static final Map<String, String> IN_INITRAMFS = Map.ofEntries(
            Map.entry("nouveau", "drivers/gpu/drm/nouveau"),
            Map.entry("amdgpu", "drivers/gpu/drm/amd/amdgpu"),
            Map.entry("radeon", "drivers/gpu/drm/radeon"),
            Map.entry("i915", "drivers/gpu/drm/i915"),
            Map.entry("xe", "drivers/gpu/drm/xe"),
            Map.entry("ast", "drivers/gpu/drm/ast"),
            Map.entry("mgag200", "drivers/gpu/drm/mgag200"),
            Map.entry("nvme", "drivers/nvme/host"),
            Map.entry("ahci", "drivers/ata"),
            Map.entry("mpt3sas", "drivers/scsi/mpt3sas"),
            Map.entry("megaraid_sas", "drivers/scsi/megaraid"),
            Map.entry("xhci_pci", "drivers/usb/host"),
            Map.entry("igc", "drivers/net/ethernet/intel/igc"),
            Map.entry("igb", "drivers/net/ethernet/intel/igb"),
            Map.entry("ixgbe", "drivers/net/ethernet/intel/ixgbe"),
            Map.entry("e1000e", "drivers/net/ethernet/intel/e1000e"),
            Map.entry("r8169", "drivers/net/ethernet/realtek"),
            Map.entry("atlantic", "drivers/net/ethernet/aquantia/atlantic"));

    private static final Map<String, String> VFIO_PATHS = Map.of(
            "vfio_pci", "drivers/vfio/pci",
            "vfio_pci_core", "drivers/vfio/pci",
            "vfio_iommu_type1", "drivers/vfio",
            "vfio", "drivers/vfio");

    private Modules() {}

    /** Modules are named with {@code _}, people write {@code -} as well. */
    static String normal(String module) {
        return module.strip().replace('-', '_');
    }

    /** The module with which a driver comes; empty when it is part of the kernel. */
    static String ofDriver(String driver) {
        return BUILT_IN.contains(driver) ? "" : MODULE_OF_DRIVER.getOrDefault(driver, normal(driver));
    }

    static boolean inInitramfs(String module) {
        return IN_INITRAMFS.containsKey(module);
    }

    /** Paths of the modules that every initramfs holds, below {@code kernel/}, sorted. */
    static List<String> initramfsPaths() {
        return IN_INITRAMFS.entrySet().stream()
                .map(entry -> entry.getValue() + "/" + entry.getKey().replace('_', '-') + ".ko")
                .sorted()
                .toList();
    }

    /** Path of a vfio module below {@code kernel/}; empty for others. */
    static String vfioPath(String module) {
        String folder = VFIO_PATHS.get(module);
        return folder == null ? "" : folder + "/" + module.replace('_', '-') + ".ko";
    }

    /** Modules that come along when one is loaded. */
    static List<String> dependencies(String module) {
        return switch (module) {
            case "vfio_pci" -> List.of("vfio", "vfio_pci_core");
            case "vfio_pci_core", "vfio_iommu_type1" -> List.of("vfio");
            case "nvidia_drm" -> List.of("nvidia", "nvidia_modeset");
            case "nvidia_modeset", "nvidia_uvm" -> List.of("nvidia");
            default -> List.of();
        };
    }

    static boolean vfio(String module) {
        return module.equals("vfio") || module.startsWith("vfio_");
    }
}
