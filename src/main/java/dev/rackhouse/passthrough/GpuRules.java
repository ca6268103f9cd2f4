package dev.rackhouse.passthrough;

import static dev.rackhouse.passthrough.Finding.blocker;
import static dev.rackhouse.passthrough.Finding.information;
import static dev.rackhouse.passthrough.Finding.warning;
import static dev.rackhouse.passthrough.Rule.when;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inventory.fact.FirmwareFramebuffer;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.PciLink;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Checks of graphics cards. */
final class GpuRules {

    private static final Set<String> GPU_DRIVERS =
            Set.of("nvidia", "nouveau", "nvidiafb", "amdgpu", "radeon", "i915", "xe");
    private static final ByteSize SMALL_WINDOW = ByteSize.ofMiB(256);
    private static final int DEAD_WIDTH = 63;

    private GpuRules() {}

    private static List<Finding> each(
            Candidate c, Predicate<PciFunction> test, Function<PciFunction, Finding> finding) {
        return c.functions().stream().filter(test).limit(1).map(finding).toList();
    }

    static List<Finding> dead(Candidate c) {
        return each(
                c,
                f -> !f.bridge() && isDead(f),
                f -> blocker(
                        "gpu.dead",
                        c.target(),
                        f.address()
                                + " fell off the bus: it answers with ones only. Its ids are just remembered by the kernel.",
                        "Shut the host down, cut its power for 30 seconds, start it again. If it happens twice in a week, check"
                                + " cable, riser and power.",
                        f.line("cfg", "power_state", "current_link_width", "current_link_speed")));
    }

    private static boolean isDead(PciFunction f) {
        PciLink link = f.link();
        return f.gone() || link != null && link.width() == DEAD_WIDTH || "unknown".equals(f.powerState());
    }

    static List<Finding> bootVga(Candidate c) {
        boolean other = c.facts().functions().stream()
                .anyMatch(f -> f.display() && !c.isPlanned(f) && !"vfio-pci".equals(f.driver()) && !f.gone());
        return each(
                c,
                f -> Boolean.TRUE.equals(f.bootVga()) && !f.managementDisplay() && !other,
                f -> warning(
                        "gpu.boot-vga",
                        c.target(),
                        "It drives the host's only screen. The screen goes black at VM start and stays black; SSH, the serial line"
                                + " and a BMC go on.",
                        "Confirm that you have a second way in, or make a BMC or integrated adapter the primary display.",
                        f.line("boot_vga"),
                        "no other display adapter with a host driver"));
    }

    static List<Finding> framebuffer(Candidate c) {
        boolean evicted = c.facts().kernelAtLeast(6, 0);
        for (FirmwareFramebuffer held : c.facts().framebuffers()) {
            if (c.functions().stream().anyMatch(f -> f.address().equals(held.function()))) {
                return List.of(Finding.of(
                        "gpu.fb",
                        evicted ? Severity.WARNING : Severity.BLOCKER,
                        c.target(),
                        evicted
                                ? "The firmware's framebuffer lies in its memory. This kernel evicts it at VM start; the boot messages"
                                        + " on the screen end there."
                                : "The firmware's framebuffer holds its memory, and kernel "
                                        + c.facts().kernel() + " cannot evict it (\"BAR 1: can't reserve\").",
                        evicted
                                ? "Nothing to do."
                                : "Use kernel 6.0 or newer. On old kernels initcall_blacklist=sysfb_init, at the price of the early"
                                        + " console.",
                        List.of(held.line())));
            }
        }
        return when(
                !c.facts().root()
                        && c.any(f -> Boolean.TRUE.equals(f.bootVga()))
                        && c.facts().framebuffers().isEmpty(),
                () -> Finding.unknown(
                        "gpu.fb",
                        c.target(),
                        "Whether a firmware framebuffer holds its memory could not be read without root.",
                        "Let the probe run as root, or by sudo.",
                        "K uid " + c.facts().key("uid")));
    }

    static List<Finding> hostDriver(Candidate c) {
        return each(
                c,
                f -> f.display() && f.driver() != null && GPU_DRIVERS.contains(f.driver()),
                f -> warning(
                        "gpu.host-driver",
                        c.target(),
                        "The host's driver %s has this card. Taking it away while it works can hang the host, and what computes on it dies."
                                .formatted(f.driver()),
                        "End what uses it. Better: bind vfio-pci at boot for this address, refresh the initramfs, and reboot.",
                        f.driverLine()));
    }

    static List<Finding> turingExtras(Candidate c) {
        List<PciFunction> busy = c.functions().stream()
                .filter(f -> f.nvidia() && !f.display())
                .filter(f -> "xhci_hcd".equals(f.driver()) || "nvidia-gpu".equals(f.driver()))
                .toList();
        return when(
                !busy.isEmpty(),
                () -> Finding.of(
                        "func.turing",
                        Severity.WARNING,
                        c.target(),
                        "The card's USB and USB-C functions still have host drivers. Proxmox takes them at start; that can stall when"
                                + " something is plugged into the card's USB-C port.",
                        "Unplug it, or bind these functions to vfio-pci at boot.",
                        busy.stream().map(PciFunction::driverLine).toList()));
    }

    static List<Finding> d3cold(Candidate c) {
        return each(
                c,
                f -> "D3cold".equals(f.powerState()),
                f -> warning(
                        "gpu.d3cold",
                        c.target(),
                        f.address() + " sleeps in D3cold and may not wake (\"stuck in D3\").",
                        "disable_idle_d3=1 for vfio-pci, and d3cold_allowed=0 for the device.",
                        f.line("power_state", "d3cold_allowed")));
    }

    static List<Finding> windowUnassigned(Candidate c) {
        return each(
                c,
                f -> f.nvidia() && f.display() && !isDead(f) && f.bar(0) != null && f.bar(1) == null,
                f -> warning(
                                "fw.above4g",
                                c.target(),
                                "Its large memory window got no address: the firmware left no room above 4 GiB.",
                                "Turn on \"Above 4G decoding\" in the firmware.",
                                f.line("bar0", "bar1", "bar3"))
                        .afterReboot());
    }

    static List<Finding> blackwellReset(Candidate c) {
        return each(
                c,
                GpuRules::blackwell,
                f -> warning(
                        "reset.blackwell",
                        c.target(),
                        "Cards of this generation are reported to lock up the host when their VM ends, with some pairs of firmware"
                                + " and driver.",
                        "Update the card's firmware, shut down from inside the guest, never force-stop.",
                        f.line("vendor", "device")));
    }

    static List<Finding> openDriver(Candidate c) {
        return each(
                c,
                GpuRules::blackwell,
                f -> information(
                        "gpu.open-driver",
                        c.target(),
                        "Only NVIDIA's open kernel modules drive this card.",
                        "Choose the -open package in the guest.",
                        f.line("vendor", "device")));
    }

    private static boolean blackwell(PciFunction f) {
        int family = f.device() >> 8;
        return f.nvidia() && f.display() && (family == 0x2b || family == 0x2c || family == 0x2d || family == 0x2f);
    }

    static List<Finding> width(Candidate c) {
        return each(
                c,
                f -> f.gpu() && narrower(f.link(), f.maxLink()),
                f -> information(
                        "gpu.width",
                        c.target(),
                        "The link runs on %s lanes of %s: shared lanes or a riser. Loading a model takes longer, computing hardly."
                                .formatted(
                                        f.attributes().get("current_link_width"),
                                        f.attributes().get("max_link_width")),
                        "See the slot table in the board's manual.",
                        f.line("current_link_width", "max_link_width")));
    }

    private static boolean narrower(
            @org.jspecify.annotations.Nullable PciLink now, @org.jspecify.annotations.Nullable PciLink best) {
        return now != null
                && best != null
                && now.width() > 0
                && now.width() < best.width()
                && best.width() != DEAD_WIDTH;
    }

    static List<Finding> resizableBar(Candidate c) {
        return each(
                c,
                f -> f.display() && SMALL_WINDOW.equals(f.bar(1)) && larger(f.largestBar1()),
                f -> information(
                        "gpu.rebar",
                        c.target(),
                        "Resizable BAR is off: the window is 256 MiB and could be " + f.largestBar1()
                                + ". The guest gets it as it is; computing gains little.",
                        "A firmware option. Never needed for CUDA.",
                        f.line("bar1", "resource1_resize")));
    }

    static List<Finding> optionRom(Candidate c) {
        return each(
                c,
                f -> f.display() && !f.managementDisplay() && !f.virtualFunction() && !f.rom() && !isDead(f),
                f -> information(
                        "gpu.rom",
                        c.target(),
                        "The card shows no option ROM, as in laptops and on the primary display of some boards. A guest that computes"
                                + " does not need one; a guest with a screen on it does, for UEFI.",
                        "For a desktop guest: romfile with the card's UEFI ROM, which only root may set.",
                        f.line("vendor", "device") + ", no rom"));
    }

    private static boolean larger(@org.jspecify.annotations.Nullable ByteSize largest) {
        return largest != null && largest.compareTo(SMALL_WINDOW) > 0;
    }
}
