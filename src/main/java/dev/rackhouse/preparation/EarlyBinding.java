package dev.rackhouse.preparation;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.fact.PciFunction;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Functions that vfio-pci gets before any other driver, each by its address, so that a twin with the same ids stays with the host.
 * The contents of our files follow from it.
 *
 * @param claims ids ({@code 10de:2504}) by address: what is not there with these ids at boot is left alone
 */
record EarlyBinding(SortedMap<PciAddress, String> claims) {

    static final String SCRIPT = "/etc/initramfs-tools/scripts/init-top/rackhouse-vfio";
    static final String UDEV = "/etc/udev/rules.d/10-rackhouse-vfio.rules";
    static final String MODPROBE = "/etc/modprobe.d/rackhouse-vfio.conf";
    static final String MODULES_LOAD = "/etc/modules-load.d/rackhouse-vfio.conf";

    static final String HEAD = "# Rackhouse: devices that are kept for guests. Written by its runs; undo the run to remove it.\n";

    private static final Pattern CLAIM = Pattern.compile("(?m)^claim (\\S+) 0x([0-9a-f]{4}) 0x([0-9a-f]{4})$");

    EarlyBinding {
        claims = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(claims));
        claims.values().forEach(ids -> {
            if (!ids.matches("[0-9a-f]{4}:[0-9a-f]{4}")) {
                throw new IllegalArgumentException("'" + ids + "' are no ids like 10de:2504");
            }
        });
    }

    static EarlyBinding none() {
        return new EarlyBinding(new TreeMap<>());
    }

    /** What our own script claims already; nothing when it is not there. */
    static EarlyBinding in(HostFiles files) {
        SortedMap<PciAddress, String> claims = new TreeMap<>();
        Matcher m = CLAIM.matcher(files.text(SCRIPT));
        while (m.find()) {
            if (PciAddress.isAddress(m.group(1))) {
                claims.put(PciAddress.parse(m.group(1)), m.group(2) + ":" + m.group(3));
            }
        }
        return new EarlyBinding(claims);
    }

    EarlyBinding with(Collection<PciFunction> functions) {
        SortedMap<PciAddress, String> more = new TreeMap<>(claims);
        functions.forEach(f -> more.put(f.address(), f.ids()));
        return new EarlyBinding(more);
    }

    EarlyBinding without(Collection<PciAddress> addresses) {
        SortedMap<PciAddress, String> fewer = new TreeMap<>(claims);
        fewer.keySet().removeAll(addresses);
        return new EarlyBinding(fewer);
    }

    boolean isEmpty() {
        return claims.isEmpty();
    }

    /**
     * Runs in the initramfs before udev loads drivers (init-top scripts go by name, ours stands before udev). The override is set
     * first and vfio-pci loaded last, so that nothing else can come between.
     */
    String initramfsScript() {
        return """
                #!/bin/sh
                %sPREREQ=""
                prereqs() { echo "$PREREQ"; }
                case $1 in prereqs) prereqs; exit 0;; esac

                # Only a function that is there with the planned ids is claimed.
                claim() {
                  d=/sys/bus/pci/devices/$1
                  [ -e "$d/driver_override" ] || return 0
                  read -r vendor <"$d/vendor"
                  read -r device <"$d/device"
                  [ "$vendor $device" = "$2 $3" ] || return 0
                  echo vfio-pci >"$d/driver_override"
                }
                %s
                modprobe vfio-pci
                exit 0
                """.formatted(
                        HEAD,
                        claims.entrySet().stream()
                                .map(e -> "claim " + e.getKey() + " 0x"
                                        + e.getValue().replace(":", " 0x"))
                                .collect(Collectors.joining("\n")));
    }

    /** For functions that appear later than the initramfs, and where the script did not run. */
    String udevRules() {
        return HEAD
                + claims.entrySet().stream()
                        .map(e -> "ACTION==\"add\", SUBSYSTEM==\"pci\", KERNEL==\"%s\", ATTR{vendor}==\"0x%s\", ATTR{device}==\"0x%s\", ATTR{driver_override}=\"vfio-pci\"%n"
                                .formatted(
                                        e.getKey(),
                                        e.getValue().substring(0, 4),
                                        e.getValue().substring(5))
                                .replace("\r", ""))
                        .collect(Collectors.joining());
    }

    /** vfio-pci is loaded before each driver that could want one of the functions. */
    static String modprobeOptions(Collection<String> modules) {
        return HEAD + modules.stream().map(m -> "softdep " + m + " pre: vfio-pci\n").collect(Collectors.joining());
    }

    /** Kernel modules that could bind these functions at boot, by their sort and by who has them now. */
    static Set<String> competitors(Collection<PciFunction> functions) {
        Set<String> modules = new LinkedHashSet<>();
        for (PciFunction f : functions) {
            modules.addAll(
                    switch (f.subclass()) {
                        case 0x0300, 0x0302, 0x0380 ->
                            switch (f.vendor()) {
                                case 0x10de -> List.of("nouveau", "nvidia", "nvidiafb", "nvidia_drm");
                                case 0x1002 -> List.of("amdgpu", "radeon");
                                case 0x8086 -> List.of("i915", "xe");
                                default -> List.<String>of();
                            };
                        case 0x0403 -> List.of("snd_hda_intel");
                        case 0x0c03 -> List.of("xhci_pci");
                        case 0x0c80 -> f.nvidia() ? List.of("i2c_nvidia_gpu") : List.<String>of();
                        default -> List.<String>of();
                    });
            String driver = Objects.requireNonNullElse(f.driver(), "vfio-pci");
            String module = switch (driver) {
                case "xhci_hcd" -> "xhci_pci";
                case "nvidia-gpu" -> "i2c_nvidia_gpu";
                default -> driver.replace('-', '_');
            };
            if (!module.equals("vfio_pci") && module.matches("[a-z0-9_]{2,40}")) {
                modules.add(module);
            }
        }
        return modules;
    }
}
