package dev.rackhouse.inventory.fact;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.PciSlot;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One PCI function as sysfs shows it.
 *
 * @param attributes as the probe printed them, in its order
 * @param driver that holds it; null when none does
 * @param group its IOMMU group; null when it has none
 * @param ancestors the bridges above it, from the root port down; empty when the probe gave no path
 */
public record PciFunction(
        PciAddress address,
        SequencedMap<String, String> attributes,
        @Nullable String driver,
        @Nullable Integer group,
        List<PciAddress> ancestors) {

    private static final int INTEL = 0x8086;
    private static final int AMD = 0x1022;
    private static final int HYGON = 0x1d94;
    private static final int ASPEED = 0x1a03;
    private static final int MATROX = 0x102b;
    private static final int FIRST_G200_OF_SERVERS = 0x0522;
    private static final Set<String> MANAGEMENT_DRIVERS = Set.of("ast", "mgag200");

    public PciFunction {
        attributes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(attributes));
        ancestors = List.copyOf(ancestors);
    }

    public PciSlot slot() {
        return address.slot();
    }

    public int vendor() {
        return hex("vendor");
    }

    public int device() {
        return hex("device");
    }

    /** {@code 10de:1e81} */
    public String ids() {
        return "%04x:%04x".formatted(vendor(), device());
    }

    /** {@code 3842:3081}; null when the function has none (0000:0000 or absent). */
    public @Nullable String subsystem() {
        int vendor = hex("subsystem_vendor");
        int device = hex("subsystem_device");
        return vendor == 0 && device == 0 ? null : "%04x:%04x".formatted(vendor, device);
    }

    /** Six hex digits as a number: base class, subclass, programming interface. */
    public int classCode() {
        return hex("class");
    }

    public int baseClass() {
        return classCode() >> 16;
    }

    /** Base class and subclass: {@code 0x0300} for VGA. */
    public int subclass() {
        return classCode() >> 8;
    }

    public int revision() {
        return hex("revision");
    }

    /** A bridge or the port of a switch: it cannot be given to a guest and stays with the host. */
    public boolean bridge() {
        return flag("bridge");
    }

    /** A display adapter, also one without an output. */
    public boolean display() {
        return baseClass() == 0x03;
    }

    /** A GPU or an accelerator: what a guest for models wants. */
    public boolean gpu() {
        return display() && !managementDisplay() || baseClass() == 0x12;
    }

    /**
     * The screen of a board's management controller (BMC), which its remote console shows: ASPEED's AST2x00, Matrox' G200 of servers
     * (102b:0522 and up; older ones are cards), or whatever their kernel drivers have.
     */
    public boolean managementDisplay() {
        return display()
                && (vendor() == ASPEED
                        || vendor() == MATROX && device() >= FIRST_G200_OF_SERVERS
                        || driver != null && MANAGEMENT_DRIVERS.contains(driver));
    }

    public boolean nvidia() {
        return vendor() == 0x10de;
    }

    /**
     * Whether it makes sense to offer it to a guest. Bridges cannot be passed; the platform's own parts are nothing a guest could use.
     */
    public boolean passable() {
        return !bridge() && !platform();
    }

    /** A part of the board that belongs to the host whoever else is given what. */
    public boolean platform() {
        return platform(vendor(), classCode());
    }

    /**
     * Host and ISA bridges, memory controllers, IOMMU, timers, SMBus, processors, dummy functions; of the processor makers also the
     * security processor (AMD 1080), and the management engine, sensors and firmware flash of a chipset (Intel 0780, 1180, 0c80).
     *
     * @param classCode six hex digits as a number
     */
    public static boolean platform(int vendor, int classCode) {
        int subclass = classCode >> 8;
        return switch (classCode >> 16) {
            case 0x05, 0x06, 0x08, 0x0b, 0x13 -> true;
            case 0x0c -> subclass == 0x0c05 || subclass == 0x0c80 && vendor == INTEL;
            case 0x07, 0x11 -> vendor == INTEL && (subclass == 0x0780 || subclass == 0x1180);
            case 0x10 -> subclass == 0x1080 && (vendor == AMD || vendor == HYGON);
            default -> false;
        };
    }

    /** Takes no harm when it goes along: "non-essential instrumentation", and a host bridge that nothing drives and no bus hangs on. */
    public boolean dummy() {
        return baseClass() == 0x13 || subclass() == 0x0600 && !bridge() && driver == null;
    }

    /** Its NUMA node; null when the kernel knows none (-1). */
    public @Nullable Integer numaNode() {
        String text = attributes.get("numa_node");
        return text != null && text.matches("[0-9]{1,4}") ? Integer.valueOf(text) : null;
    }

    public @Nullable String localCpus() {
        return attributes.get("local_cpulist");
    }

    /** The firmware's primary display; null for functions where the kernel does not say. */
    public @Nullable Boolean bootVga() {
        String text = attributes.get("boot_vga");
        return text == null ? null : text.equals("1");
    }

    /** {@code D0}, {@code D3hot}, {@code D3cold}, {@code unknown}; null when not shown. */
    public @Nullable String powerState() {
        return attributes.get("power_state");
    }

    public @Nullable PciLink link() {
        return link("current_link_speed", "current_link_width");
    }

    public @Nullable PciLink maxLink() {
        return link("max_link_speed", "max_link_width");
    }

    private @Nullable PciLink link(String speed, String width) {
        String lanes = attributes.get(width);
        return lanes != null && lanes.matches("[0-9]{1,3}")
                ? new PciLink(attributes.get(speed), Integer.parseInt(lanes))
                : null;
    }

    /** The kernel can reset it by itself. */
    public boolean resettable() {
        return flag("reset") || attributes.containsKey("reset_method");
    }

    /** Tried left to right: {@code flr bus}. Empty when the kernel knows no way, or is older than 5.15. */
    public List<String> resetMethods() {
        String text = attributes.get("reset_method");
        return text == null || text.isBlank()
                ? List.of()
                : Arrays.asList(text.strip().split("\\s+"));
    }

    public boolean rom() {
        return flag("rom");
    }

    /** sysfs showed no IOMMU group for it. */
    public boolean withoutGroup() {
        return flag("nogroup");
    }

    /** A virtual function of another one (SR-IOV). */
    public boolean virtualFunction() {
        return flag("vf");
    }

    public int virtualFunctionsPossible() {
        return decimal("sriov_totalvfs");
    }

    public int virtualFunctions() {
        return decimal("sriov_numvfs");
    }

    /** Can be split into mediated devices. */
    public boolean mediated() {
        return flag("mdev") || flag("vgpu");
    }

    /** Its configuration space answers with ones only: it fell off the bus, whatever else sysfs remembers. */
    public boolean gone() {
        return "ffff".equals(attributes.get("cfg"));
    }

    /** Size of a memory window; null when it has none or it could not be placed. */
    public @Nullable ByteSize bar(int index) {
        String text = attributes.get("bar" + index);
        return text != null && text.matches("[0-9]{1,18}") ? new ByteSize(Long.parseLong(text)) : null;
    }

    /** The largest size that window 1 could be given; null when it cannot be resized. */
    public @Nullable ByteSize largestBar1() {
        String text = attributes.get("resource1_resize");
        if (text == null || !text.matches("[0-9a-fA-F]{1,16}")) {
            return null;
        }
        long sizes = Long.parseUnsignedLong(text, 16);
        int highest = 63 - Long.numberOfLeadingZeros(sizes);
        return sizes == 0 || highest > 40 ? null : ByteSize.ofMiB(1L << highest);
    }

    /** Nearest bridge first, the root port last. */
    public List<PciAddress> ancestorsUpwards() {
        return ancestors.reversed();
    }

    /** The record, shortened to some attributes: {@code P 0000:0e:00.0 boot_vga=1}. */
    public String line(String... names) {
        StringBuilder line = new StringBuilder("P ").append(address);
        for (String name : names) {
            String value = attributes.get(name);
            if (value != null) {
                line.append(' ').append(name).append('=').append(value);
            }
        }
        return line.toString();
    }

    /** {@code DRV 0000:0e:00.2 xhci_hcd}, or that there is no such record. */
    public String driverLine() {
        return driver == null ? "no DRV record for " + address : "DRV " + address + " " + driver;
    }

    private boolean flag(String name) {
        return "1".equals(attributes.get(name));
    }

    private int hex(String name) {
        String text = attributes.get(name);
        if (text == null || text.length() < 3 || text.length() > 8 || !text.startsWith("0x")) {
            return 0;
        }
        int value = 0;
        for (int i = 2; i < text.length(); i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return 0;
            }
            value = value * 16 + digit;
        }
        return value;
    }

    private int decimal(String name) {
        String text = attributes.get(name);
        return text != null && text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
    }
}
