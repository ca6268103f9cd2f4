package dev.rackhouse.preparation;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.inventory.fact.BlastRadius;
import dev.rackhouse.inventory.fact.DeviceUse;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.NetInterface;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.ProtectedSet;
import dev.rackhouse.inventory.fact.Protection;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What may lock people out when a host comes back from the planned reboot (hosts, 3.5): each with the fact and what follows from it.
 * Pure. A staged change blocks, since the reboot would make it live and no undo of ours takes it back.
 */
final class LockOutForecast {

    private static final Pattern BY_PATH = Pattern.compile("(?:en|wl)(?:P[0-9]+)?p[0-9]+s[0-9]+.*");

    private final HostFacts facts;
    private final HostFiles files;
    private final List<Guest> guests;
    private final List<PciFunction> early;
    private final ProtectedSet needed;
    private final List<Finding> found = new ArrayList<>();

    private LockOutForecast(PreparationSite site, Collection<PciFunction> early) {
        this.facts = site.facts();
        this.files = site.files();
        this.guests = site.guests();
        this.early = List.copyOf(early);
        this.needed = ProtectedSet.of(facts);
    }

    /**
     * @param early functions that vfio-pci gets at boot
     * @param reboots else only what is already wrong on the host is told
     */
    static List<Finding> of(PreparationSite site, Collection<PciFunction> early, boolean reboots) {
        LockOutForecast forecast = new LockOutForecast(site, early);
        forecast.needed();
        forecast.takenByIds();
        if (reboots) {
            forecast.stagedNetwork();
            forecast.onlyConsole();
            forecast.menu();
            forecast.newerKernel();
            forecast.guestsAtBoot();
            forecast.interfaceNames();
            forecast.wayIn();
        }
        return List.copyOf(forecast.found);
    }

    /** The device itself, or a companion of its group, is one that the host cannot do without. */
    private void needed() {
        for (PciSlot slot : early.stream().map(PciFunction::slot).distinct().toList()) {
            List<PciFunction> functions =
                    early.stream().filter(f -> f.slot().equals(slot)).toList();
            List<PciAddress> radius = List.copyOf(BlastRadius.of(facts, functions));
            List<String> chains = radius.stream()
                    .flatMap(a -> needed.of(a).stream())
                    .filter(p -> p.kind().vital())
                    .map(Protection::text)
                    .distinct()
                    .toList();
            if (!chains.isEmpty()) {
                found.add(Found.of(
                        "reboot.needed",
                        Severity.BLOCKER,
                        slot,
                        "The host needs %s, or a device of the same IOMMU group: %s. Without it the host would not come back."
                                .formatted(slot, String.join("; ", chains)),
                        "Put the card into another slot, or leave it with the host.",
                        chains.toArray(String[]::new)));
            }
        }
    }

    /** vfio-pci will be loaded earlier than before: what its ids match, it takes. */
    private void takenByIds() {
        for (ModuleLists.ByIds option : ModuleLists.byIds(files)) {
            List<PciFunction> matched = facts.functions().stream()
                    .filter(f -> !f.bridge() && option.matches(f.ids()))
                    .toList();
            for (PciFunction f : matched) {
                List<String> chains = needed.of(f.address()).stream()
                        .filter(p -> p.kind().vital())
                        .map(Protection::text)
                        .toList();
                if (!chains.isEmpty()) {
                    found.add(Found.of(
                            "reboot.ids",
                            Severity.BLOCKER,
                            f.slot(),
                            "\"%s\" in %s matches %s, which the host needs: %s. At boot vfio-pci would take it."
                                    .formatted(option.line(), option.path(), f.address(), String.join("; ", chains)),
                            "Take " + f.ids() + " out of that line.",
                            option.path() + ": " + option.line()));
                }
            }
            List<PciFunction> twins = matched.stream()
                    .filter(f -> early.stream().anyMatch(e -> e.ids().equals(f.ids()))
                            && early.stream().noneMatch(e -> e.slot().equals(f.slot())))
                    .toList();
            if (!twins.isEmpty()) {
                found.add(Found.warning(
                        "twins.ids",
                        "\"%s\" in %s also matches %s: at boot they go to vfio-pci too, whatever is planned here."
                                .formatted(
                                        option.line(),
                                        option.path(),
                                        twins.stream()
                                                .map(f -> f.address().toString())
                                                .collect(Collectors.joining(", "))),
                        "Take the ids out of that line if they shall stay with the host; devices are kept by address here.",
                        option.path() + ": " + option.line()));
            }
        }
    }

    private void stagedNetwork() {
        if (Boolean.TRUE.equals(facts.flag("interfaces_new"))) {
            found.add(Found.blocker(
                    "reboot.staged",
                    "A staged network change waits in /etc/network/interfaces.new. The reboot would make it live without"
                            + " asking, and undoing this run would not take it back.",
                    "Apply or drop it first, on the network page of the node in Proxmox.",
                    "K interfaces_new 1"));
        }
    }

    private void onlyConsole() {
        List<PciFunction> displays = facts.functions().stream()
                .filter(f -> f.display() && !f.virtualFunction())
                .toList();
        List<PciFunction> leaving = displays.stream()
                .filter(f -> early.stream().anyMatch(e -> e.address().equals(f.address())))
                .toList();
        boolean all = !leaving.isEmpty() && leaving.size() == displays.size();
        boolean primary = leaving.stream().anyMatch(f -> Boolean.TRUE.equals(f.bootVga()));
        if (all || primary) {
            found.add(Found.warning(
                    "reboot.console",
                    "%s shows the host's own screen. It stays black from early in the boot on; that looks dead and is not: SSH and"
                                    .formatted(leaving.getFirst().address())
                            + " the web page stay" + (all ? ", but nothing else shows a picture." : "."),
                    "Have a second way in: SSH, a serial line or a management controller.",
                    leaving.getFirst().line("boot_vga", "class")));
        }
    }

    private void menu() {
        String loader = facts.key("loader");
        Integer seconds = GrubDefaults.menuSeconds(files.text(HostFiles.GRUB));
        if ((loader == null || !loader.startsWith("systemd-boot")) && seconds != null && seconds == 0) {
            found.add(Found.warning(
                    "reboot.menu",
                    "The boot menu is not shown: at the machine nobody can take a word from the kernel's command line before it"
                            + " starts.",
                    "Set GRUB_TIMEOUT=5 in /etc/default/grub.",
                    HostFiles.GRUB + ": a timeout of 0"));
        }
    }

    private void newerKernel() {
        files.kernels().stream()
                .max(KernelVersions.ORDER)
                .filter(k -> KernelVersions.ORDER.compare(k, facts.kernel()) > 0)
                .ifPresent(k -> found.add(Found.warning(
                        "reboot.kernel",
                        "The host runs kernel %s and has %s installed: the reboot starts the newer one."
                                .formatted(facts.kernel(), k),
                        "Reboot into it first, or pin the running one: proxmox-boot-tool kernel pin " + facts.kernel()
                                + ".",
                        "K kernel " + facts.kernel(),
                        "/boot/vmlinuz-" + k)));
    }

    private void guestsAtBoot() {
        List<Guest> down = guests.stream().filter(Guest::running).toList();
        if (!down.isEmpty()) {
            found.add(Found.note(
                    "reboot.guests",
                    "Down while the host reboots: %s. They are shut down in order before, and started again afterwards."
                            .formatted(labels(down.stream())),
                    "Tell those who use them."));
        }
        List<Guest> waking =
                guests.stream().filter(g -> g.onboot() && !g.running()).toList();
        if (!waking.isEmpty()) {
            found.add(Found.warning(
                    "reboot.autostart",
                    "%s does not run now and starts with the host: the reboot starts it."
                            .formatted(labels(waking.stream())),
                    "Turn \"Start at boot\" off if that is not wanted."));
        }
        List<String> grabbing = DeviceUse.of(facts).stream()
                .filter(u -> u.guest().flag("onboot"))
                .filter(u -> early.stream().anyMatch(f -> u.names(f.address())))
                .map(u -> u.guest().label())
                .distinct()
                .toList();
        if (!grabbing.isEmpty()) {
            found.add(Found.note(
                    "reboot.grab",
                    String.join(", ", grabbing) + " takes the device at each boot of the host.",
                    "If the host does not come back: boot with systemd.mask=pve-guests.service."));
        }
    }

    /** Nothing is added or removed here, so the names hold; a card that is put in later can shift them. */
    private void interfaceNames() {
        String configured = String.join("\n", facts.lines("/etc/network/interfaces"));
        List<String> byPath = facts.interfaces().stream()
                .map(NetInterface::name)
                .filter(n -> BY_PATH.matcher(n).matches())
                .filter(n -> {
                    Matcher m = Pattern.compile("(?m)(?:^|\\s)" + Pattern.quote(n) + "(?:\\s|$)")
                            .matcher(configured);
                    return m.find();
                })
                .toList();
        if (!byPath.isEmpty()) {
            found.add(
                    Found.note(
                            "reboot.names",
                            "The network is configured for %s, a name that comes from the PCI path. This run moves no card, so it stays; a"
                                            .formatted(String.join(", ", byPath))
                                    + " card that was put in since the last boot can shift it.",
                            "Pin names by MAC address before hardware work: pve-network-interface-pinning generate (Proxmox VE 9)."));
        }
    }

    private void wayIn() {
        found.add(Found.warning(
                "reboot.way-in",
                "If the host does not boot at all, nothing reaches it over the network, and the switch that puts the files back by"
                        + " itself does not run either.",
                "Have a management controller ready, or somebody at the machine: old kernels stay in the boot menu, and e edits"
                        + " the words."));
    }

    private static String labels(Stream<Guest> guests) {
        return guests.sorted(Guest.START_ORDER).map(Guest::label).collect(Collectors.joining(", "));
    }

    /** Versions as Proxmox names them: {@code 6.8.12-15-pve}. */
    static final class KernelVersions {

        static final Comparator<String> ORDER = (a, b) -> {
            List<Integer> one = numbers(a);
            List<Integer> other = numbers(b);
            for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
                int compared = Integer.compare(one.get(i), other.get(i));
                if (compared != 0) {
                    return compared;
                }
            }
            return Integer.compare(one.size(), other.size());
        };

        private KernelVersions() {}

        private static List<Integer> numbers(String version) {
            return Pattern.compile("[0-9]{1,6}")
                    .matcher(version)
                    .results()
                    .map(m -> Integer.valueOf(m.group()))
                    .toList();
        }
    }
}
