package dev.rackhouse.inventory.fact;

import java.util.Map;

/**
 * Names to show for ids when Proxmox did not give one. A small table of our own, made from public facts; an id that is not in it is
 * shown as itself. Never used to decide anything.
 */
public final class HardwareNames {

    private static final Map<Integer, String> VENDORS = Map.ofEntries(
            Map.entry(0x1000, "Broadcom/LSI"),
            Map.entry(0x1002, "AMD"),
            Map.entry(0x1022, "AMD"),
            Map.entry(0x102b, "Matrox"),
            Map.entry(0x1077, "QLogic"),
            Map.entry(0x10b5, "PLX"),
            Map.entry(0x10de, "NVIDIA"),
            Map.entry(0x10ec, "Realtek"),
            Map.entry(0x1179, "Toshiba"),
            Map.entry(0x11ab, "Marvell"),
            Map.entry(0x126f, "Silicon Motion"),
            Map.entry(0x1344, "Micron"),
            Map.entry(0x144d, "Samsung"),
            Map.entry(0x14c3, "MediaTek"),
            Map.entry(0x14e4, "Broadcom"),
            Map.entry(0x15b3, "Mellanox"),
            Map.entry(0x15b7, "SanDisk/WD"),
            Map.entry(0x168c, "Qualcomm Atheros"),
            Map.entry(0x1987, "Phison"),
            Map.entry(0x1a03, "ASPEED"),
            Map.entry(0x1af4, "Red Hat"),
            Map.entry(0x1b21, "ASMedia"),
            Map.entry(0x1b36, "Red Hat"),
            Map.entry(0x1c5c, "SK hynix"),
            Map.entry(0x1cc1, "ADATA"),
            Map.entry(0x1d6a, "Aquantia"),
            Map.entry(0x1e0f, "Kioxia"),
            Map.entry(0x2646, "Kingston"),
            Map.entry(0x8086, "Intel"),
            Map.entry(0xc0a9, "Crucial"));

    private static final Map<Integer, String> DEVICES = Map.ofEntries(
            // NVIDIA, by generation
            nvidia(0x1b06, "GeForce GTX 1080 Ti"),
            nvidia(0x1b80, "GeForce GTX 1080"),
            nvidia(0x1b81, "GeForce GTX 1070"),
            nvidia(0x1b38, "Tesla P40"),
            nvidia(0x15f8, "Tesla P100"),
            nvidia(0x1c03, "GeForce GTX 1060 6GB"),
            nvidia(0x1db4, "Tesla V100"),
            nvidia(0x1e02, "Titan RTX"),
            nvidia(0x1e04, "GeForce RTX 2080 Ti"),
            nvidia(0x1e07, "GeForce RTX 2080 Ti"),
            nvidia(0x1e81, "GeForce RTX 2080 SUPER"),
            nvidia(0x1e82, "GeForce RTX 2080"),
            nvidia(0x1e84, "GeForce RTX 2070 SUPER"),
            nvidia(0x1e87, "GeForce RTX 2080"),
            nvidia(0x1eb0, "Quadro RTX 5000"),
            nvidia(0x1eb8, "Tesla T4"),
            nvidia(0x1f08, "GeForce RTX 2060"),
            nvidia(0x2203, "GeForce RTX 3090 Ti"),
            nvidia(0x2204, "GeForce RTX 3090"),
            nvidia(0x2206, "GeForce RTX 3080"),
            nvidia(0x2208, "GeForce RTX 3080 Ti"),
            nvidia(0x2230, "RTX A6000"),
            nvidia(0x2231, "RTX A5000"),
            nvidia(0x2484, "GeForce RTX 3070"),
            nvidia(0x2486, "GeForce RTX 3060 Ti"),
            nvidia(0x2503, "GeForce RTX 3060"),
            nvidia(0x2504, "GeForce RTX 3060"),
            nvidia(0x2684, "GeForce RTX 4090"),
            nvidia(0x26b1, "RTX 6000 Ada"),
            nvidia(0x2704, "GeForce RTX 4080"),
            nvidia(0x2705, "GeForce RTX 4070 Ti SUPER"),
            nvidia(0x2782, "GeForce RTX 4070 Ti"),
            nvidia(0x2783, "GeForce RTX 4070 SUPER"),
            nvidia(0x2786, "GeForce RTX 4070"),
            nvidia(0x2803, "GeForce RTX 4060 Ti"),
            nvidia(0x2805, "GeForce RTX 4060 Ti 16GB"),
            nvidia(0x2882, "GeForce RTX 4060"),
            nvidia(0x2b85, "GeForce RTX 5090"),
            nvidia(0x2bb1, "RTX PRO 6000 Blackwell"),
            nvidia(0x2c02, "GeForce RTX 5080"),
            nvidia(0x2c05, "GeForce RTX 5070 Ti"),
            nvidia(0x2d04, "GeForce RTX 5060 Ti"),
            nvidia(0x2f04, "GeForce RTX 5070"),
            nvidia(0x10f8, "TU104 HD audio"),
            nvidia(0x1ad8, "TU104 USB 3.1 controller"),
            nvidia(0x1ad9, "TU104 USB-C UCSI controller"),
            nvidia(0x1aef, "GA102 HD audio"),
            nvidia(0x228e, "GA106 HD audio"),
            // what stands in home racks beside them
            device(0x1000, 0x0072, "SAS2008 HBA"),
            device(0x1000, 0x0087, "SAS2308 HBA"),
            device(0x1000, 0x0097, "SAS3008 HBA"),
            device(0x1000, 0x00ac, "SAS3416 HBA"),
            device(0x1022, 0x1483, "GPP bridge"),
            device(0x1022, 0x1485, "Reserved SPP"),
            device(0x1022, 0x1486, "Cryptographic coprocessor"),
            device(0x1022, 0x1487, "HD audio"),
            device(0x1022, 0x148c, "Starship USB 3.0 controller"),
            device(0x1022, 0x149c, "Matisse USB 3.0 controller"),
            device(0x1022, 0x7901, "FCH SATA controller"),
            device(0x10b5, 0x8724, "PEX 8724 PCIe switch"),
            device(0x10ec, 0x8125, "RTL8125 2.5GbE"),
            device(0x10ec, 0x8168, "RTL8111/8168 GbE"),
            device(0x10ec, 0xc821, "RTL8821CE Wi-Fi"),
            device(0x144d, 0xa808, "SSD 970 series NVMe"),
            device(0x144d, 0xa80a, "PM9A1/980 PRO NVMe"),
            device(0x144d, 0xa80b, "PM9B1 NVMe"),
            device(0x144d, 0xa80c, "990 PRO NVMe"),
            device(0x15b7, 0x5017, "WD_BLACK SN770 NVMe"),
            device(0x15b7, 0x5030, "WD_BLACK SN850X NVMe"),
            device(0x1a03, 0x1150, "AST1150 bridge"),
            device(0x1a03, 0x2000, "AST2x00 BMC graphics"),
            device(0x1b21, 0x2142, "ASM2142 USB 3.1 controller"),
            device(0x1d6a, 0x04c0, "AQC113 10GbE"),
            device(0x8086, 0x1539, "I211 GbE"),
            device(0x8086, 0x1563, "X550 10GbE"),
            device(0x8086, 0x1572, "X710 10GbE"),
            device(0x8086, 0x15f3, "I225-V 2.5GbE"),
            device(0x8086, 0x125c, "I226-V 2.5GbE"),
            device(0x8086, 0x2723, "AX200 Wi-Fi 6"),
            device(0x8086, 0x3e98, "UHD Graphics 630"),
            device(0x15b3, 0x1003, "ConnectX-3"),
            device(0x15b3, 0x1015, "ConnectX-4 Lx"));

    private static final Map<Integer, String> CLASSES = Map.ofEntries(
            Map.entry(0x0100, "SCSI controller"),
            Map.entry(0x0101, "IDE controller"),
            Map.entry(0x0104, "RAID controller"),
            Map.entry(0x0106, "SATA controller"),
            Map.entry(0x0107, "SAS controller"),
            Map.entry(0x0108, "NVMe controller"),
            Map.entry(0x0200, "Ethernet controller"),
            Map.entry(0x0207, "InfiniBand controller"),
            Map.entry(0x0280, "Network controller"),
            Map.entry(0x0300, "VGA controller"),
            Map.entry(0x0302, "3D controller"),
            Map.entry(0x0380, "Display controller"),
            Map.entry(0x0401, "Audio controller"),
            Map.entry(0x0403, "Audio device"),
            Map.entry(0x0500, "RAM memory"),
            Map.entry(0x0600, "Host bridge"),
            Map.entry(0x0601, "ISA bridge"),
            Map.entry(0x0604, "PCI bridge"),
            Map.entry(0x0806, "IOMMU"),
            Map.entry(0x0c03, "USB controller"),
            Map.entry(0x0c05, "SMBus"),
            Map.entry(0x0c80, "Serial bus controller"),
            Map.entry(0x1080, "Encryption controller"),
            Map.entry(0x1200, "Processing accelerator"),
            Map.entry(0x1300, "Platform function"));

    private HardwareNames() {}

    /** {@code NVIDIA}, or the id as four hex digits. */
    public static String vendor(int vendor) {
        return VENDORS.getOrDefault(vendor, "%04x".formatted(vendor));
    }

    /** {@code VGA controller}, or the class as digits. */
    public static String className(PciFunction function) {
        return CLASSES.getOrDefault(function.subclass(), "Class %04x".formatted(function.subclass()));
    }

    /** {@code NVIDIA GeForce RTX 3090}; for an unknown id {@code NVIDIA VGA controller 10de:2999}. */
    public static String describe(PciFunction function) {
        String name = DEVICES.get(function.vendor() << 16 | function.device());
        return vendor(function.vendor()) + " " + (name == null ? className(function) + " " + function.ids() : name);
    }

    private static Map.Entry<Integer, String> nvidia(int device, String name) {
        return device(0x10de, device, name);
    }

    private static Map.Entry<Integer, String> device(int vendor, int device, String name) {
        return Map.entry(vendor << 16 | device, name);
    }
}
