package dev.rackhouse.passthrough;

import static dev.rackhouse.passthrough.Finding.information;
import static dev.rackhouse.passthrough.Finding.unknown;
import static dev.rackhouse.passthrough.Finding.warning;
import static dev.rackhouse.passthrough.HostRules.NODE;
import static dev.rackhouse.passthrough.Rule.when;

import dev.rackhouse.inventory.fact.GuestConfig;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.SourceLine;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Checks of the kernel command line: the words, and the file they stand in. */
final class KernelWordRules {

    private static final Pattern STRAY = Pattern.compile("\\s*(?:export\\s+)?(intel_iommu|amd_iommu|iommu)=.*");
    private static final Pattern CMDLINE =
            Pattern.compile("\\s*(?:export\\s+)?GRUB_CMDLINE_LINUX(?:_DEFAULT)?\\+?=(.*)");
    private static final Pattern OF_INTEREST = Pattern.compile(
            "(intel_iommu|amd_iommu|iommu|vfio[-_a-z0-9.]*|pcie_acs_override|default_hugepagesz|hugepagesz|hugepages"
                    + "|initcall_blacklist|modprobe\\.blacklist|module_blacklist|video)(=.*)?");
    private static final String KERNEL_CMDLINE = "/etc/kernel/cmdline";

    private KernelWordRules() {}

    static List<Finding> strayInGrub(HostFacts facts) {
        return facts.linesUnder("/etc/default/grub").stream()
                .filter(l -> STRAY.matcher(l.text()).matches())
                .map(l -> warning(
                                "iommu.grub-stray",
                                NODE,
                                "\"%s\" in %s only sets a shell variable that nobody reads; the kernel never sees it."
                                        .formatted(l.text().strip(), l.source()),
                                "Remove the line and put the word into GRUB_CMDLINE_LINUX_DEFAULT, then update-grub and reboot.",
                                "L " + l.source() + " " + l.text())
                        .afterReboot())
                .toList();
    }

    static List<Finding> wrongFile(HostFacts facts) {
        String loader = facts.key("loader");
        if (loader == null) {
            boolean words = Stream.concat(grubWords(facts).stream(), wordsOf(facts.lines(KERNEL_CMDLINE)).stream())
                    .anyMatch(w -> OF_INTEREST.matcher(w).matches()
                            && !facts.kernelWords().contains(w));
            return when(
                    words && !facts.root() && "efi".equals(facts.key("firmware")),
                    () -> unknown(
                            "iommu.wrong-file",
                            NODE,
                            "A kernel word is configured and not in use, and which file the boot loader reads could not be read without root.",
                            "Let the probe run as root, or by sudo.",
                            "K cmdline " + facts.key("cmdline")));
        }
        boolean systemdBoot = loader.startsWith("systemd-boot");
        if (!systemdBoot && !loader.startsWith("GRUB")) {
            return List.of();
        }
        List<String> running = facts.kernelWords();
        List<String> read = systemdBoot ? wordsOf(facts.lines(KERNEL_CMDLINE)) : grubWords(facts);
        List<String> ignored = systemdBoot ? grubWords(facts) : wordsOf(facts.lines(KERNEL_CMDLINE));
        List<String> lost = ignored.stream()
                .filter(w -> OF_INTEREST.matcher(w).matches())
                .filter(w -> !running.contains(w) && !read.contains(w))
                .distinct()
                .toList();
        String file = systemdBoot ? "/etc/default/grub" : KERNEL_CMDLINE;
        String right = systemdBoot ? KERNEL_CMDLINE : "/etc/default/grub";
        return when(
                !lost.isEmpty(),
                () -> warning(
                                "iommu.wrong-file",
                                NODE,
                                "%s stands in %s, but this host boots with %s and reads %s."
                                        .formatted(
                                                String.join(" ", lost),
                                                file,
                                                systemdBoot ? "systemd-boot" : "GRUB",
                                                right),
                                "Put it into %s, then %s and reboot."
                                        .formatted(right, systemdBoot ? "proxmox-boot-tool refresh" : "update-grub"),
                                "K loader " + loader,
                                "K cmdline " + facts.key("cmdline"))
                        .afterReboot());
    }

    static List<Finding> amdOn(HostFacts facts) {
        return when(
                facts.kernelWords().contains("amd_iommu=on"),
                () -> information(
                        "iommu.amd-on",
                        NODE,
                        "amd_iommu=on is no value that the kernel knows. It is harmless; the IOMMU of AMD is on by default.",
                        "Drop it when you next edit the command line.",
                        "K cmdline " + facts.key("cmdline")));
    }

    static List<Finding> severalLines(HostFacts facts) {
        List<String> lines =
                facts.lines(KERNEL_CMDLINE).stream().filter(l -> !l.isBlank()).toList();
        return when(
                lines.size() > 1,
                () -> warning(
                                "kernel.cmdline-multi",
                                NODE,
                                KERNEL_CMDLINE + " has " + lines.size() + " lines; only the first one counts.",
                                "Join them into one line, then proxmox-boot-tool refresh and reboot.",
                                "L " + KERNEL_CMDLINE + " " + lines.get(1))
                        .afterReboot());
    }

    static List<Finding> pagesPerNode(HostFacts facts) {
        List<GuestConfig> withPages = facts.guestsHere().stream()
                .filter(g -> g.option("hugepages") != null)
                .toList();
        boolean kept = !withPages.isEmpty() && withPages.stream().allMatch(g -> g.flag("keephugepages"));
        return perNodeWord(facts).stream()
                .filter(w -> !kept)
                .map(w -> warning(
                        "hp.pernode",
                        NODE,
                        "\"" + w
                                + "\" reserves pages node by node. Proxmox understands only hugepages=N: after each VM start it"
                                + " writes 0 and gives the pool back.",
                        "Use a plain hugepages=N, or set keephugepages: 1 on the guests.",
                        "K cmdline " + facts.key("cmdline")))
                .toList();
    }

    /** The word that reserves pages for each node, when there is one: {@code hugepages=0:16,1:16}. */
    static List<String> perNodeWord(HostFacts facts) {
        return facts.kernelWords().stream()
                .filter(w -> w.matches("hugepages=[0-9]+:.*"))
                .limit(1)
                .toList();
    }

    private static List<String> grubWords(HostFacts facts) {
        List<String> values = new ArrayList<>();
        for (SourceLine line : facts.linesUnder("/etc/default/grub")) {
            Matcher m = CMDLINE.matcher(line.text());
            if (m.matches()) {
                values.add(m.group(1).strip().replaceAll("^[\"']|[\"']\\s*(#.*)?$", ""));
            }
        }
        return wordsOf(values);
    }

    private static List<String> wordsOf(List<String> lines) {
        return lines.stream()
                .filter(l -> !l.startsWith("#"))
                .flatMap(l -> List.of(l.strip().split("\\s+")).stream())
                .filter(w -> !w.isEmpty())
                .toList();
    }
}
