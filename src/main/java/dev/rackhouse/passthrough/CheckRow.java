package dev.rackhouse.passthrough;

import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.IommuGroup;
import dev.rackhouse.inventory.fact.PciFunction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One check as a line for a person: passed, to be ticked, or blocking, with the fact that was measured.
 *
 * @param check its id; of a passed line one of those that it stands for
 * @param text what is the case
 * @param finding null for a passed check
 */
public record CheckRow(
        Outcome outcome,
        String check,
        String text,
        @Nullable Finding finding) {

    /** How a check came out. */
    public enum Outcome {
        BLOCK,
        WARN,
        UNKNOWN,
        INFORM,
        PASS
    }

    /** What passed, said with its fact; several checks may stand behind one line. */
    private record Passed(List<String> checks, Function<Subject, String> text) {}

    private record Subject(HostFacts facts, List<PciFunction> functions) {}

    private static final List<Passed> PASSED = List.of(
            new Passed(
                    List.of("cpu.virt"),
                    s -> "The processor virtualises (" + s.facts().key("cpu_model") + ")."),
            new Passed(
                    List.of("iommu.off"),
                    s -> "The IOMMU is on (" + String.join(", ", s.facts().iommuUnits()) + ")."),
            new Passed(List.of("irq.remap", "irq.unsafe"), s -> "Interrupts are remapped."),
            new Passed(
                    List.of("iommu.grub-stray", "iommu.wrong-file", "kernel.cmdline-multi"),
                    s -> "The kernel's words stand in the file that " + loader(s.facts()) + " reads."),
            new Passed(List.of("boot.pending"), s -> "No staged change waits for the next reboot."),
            new Passed(List.of("dev.missing"), CheckRow::present),
            new Passed(List.of("protect.boot"), s -> "No system disk of the host hangs on it or its IOMMU group."),
            new Passed(
                    List.of("protect.storage"),
                    s -> "No pool, volume group, array or mounted filesystem stands on it."),
            new Passed(List.of("protect.mgmt"), s -> "The host's network does not go through it."),
            new Passed(
                    List.of("protect.console-usb"), s -> "No keyboard and no power supply's signal line hangs on it."),
            new Passed(List.of("protect.console"), s -> "It is not the screen that a management controller shows."),
            new Passed(List.of("group.none", "group.shared"), CheckRow::groups),
            new Passed(List.of("group.acs"), s -> "The IOMMU groups are measured, not overridden."),
            new Passed(List.of("fw.rmrr"), s -> "The firmware keeps no memory of it for itself."),
            new Passed(List.of("dev.used-running", "gpu.lxc-users"), s -> "No running guest holds it."),
            new Passed(List.of("dev.used-config"), s -> "No other guest's configuration names it."),
            new Passed(List.of("map.drift"), s -> "Resource mappings fit the hardware."),
            new Passed(List.of("reset.none"), CheckRow::resets),
            new Passed(List.of("gpu.dead", "gpu.d3cold"), CheckRow::awake),
            new Passed(List.of("gpu.host-driver", "func.turing"), CheckRow::drivers));

    /** Nothing can be said of these where the kernel runs no IOMMU. */
    private static final Set<String> NEED_IOMMU = Set.of("irq.remap", "group.none", "group.acs", "fw.rmrr");

    /** All lines of a plan's checks, worst first, passed ones last. */
    static List<CheckRow> of(HostFacts facts, Collection<PciFunction> functions, List<Finding> findings) {
        List<CheckRow> rows = new ArrayList<>(of(findings));
        Set<String> found = findings.stream().map(Finding::check).collect(Collectors.toSet());
        Subject subject = new Subject(facts, List.copyOf(functions));
        for (Passed passed : PASSED) {
            boolean aboutDevices = passed.checks().stream()
                    .anyMatch(c -> !c.startsWith("cpu.")
                            && !c.startsWith("iommu.")
                            && !c.startsWith("irq.")
                            && !c.startsWith("boot."));
            boolean blind =
                    !facts.iommuOn() && NEED_IOMMU.contains(passed.checks().getFirst());
            if (passed.checks().stream().noneMatch(found::contains)
                    && (!aboutDevices || !functions.isEmpty())
                    && !blind) {
                rows.add(new CheckRow(
                        Outcome.PASS, passed.checks().getFirst(), passed.text().apply(subject), null));
            }
        }
        rows.sort(java.util.Comparator.comparing(CheckRow::outcome));
        return List.copyOf(rows);
    }

    static CheckRow found(Finding finding) {
        return new CheckRow(outcome(finding), finding.check(), finding.text(), finding);
    }

    /** Only what was found, in its order. */
    public static List<CheckRow> of(List<Finding> findings) {
        return findings.stream().map(CheckRow::found).toList();
    }

    private static Outcome outcome(Finding finding) {
        return finding.unknown()
                ? Outcome.UNKNOWN
                : switch (finding.severity()) {
                    case BLOCKER -> Outcome.BLOCK;
                    case WARNING -> Outcome.WARN;
                    case INFORMATION -> Outcome.INFORM;
                };
    }

    private static String loader(HostFacts facts) {
        String loader = facts.key("loader");
        return loader == null ? "the boot loader" : loader.startsWith("systemd-boot") ? "systemd-boot" : "GRUB";
    }

    private static String present(Subject s) {
        return s.functions().size() == 1
                ? s.functions().getFirst().address() + " answers with "
                        + s.functions().getFirst().ids() + "."
                : "All " + s.functions().size() + " functions answer: "
                        + s.functions().stream().map(PciFunction::ids).collect(Collectors.joining(", ")) + ".";
    }

    private static String groups(Subject s) {
        List<IommuGroup> groups = s.functions().stream()
                .map(PciFunction::group)
                .filter(Objects::nonNull)
                .distinct()
                .flatMap(n -> s.facts().group(n).stream())
                .toList();
        if (groups.isEmpty()) {
            return "Nothing shares it: it stands in no IOMMU group.";
        }
        return "It stands alone in IOMMU group "
                + groups.stream().map(g -> Integer.toString(g.number())).collect(Collectors.joining(", ")) + ".";
    }

    private static String resets(Subject s) {
        List<String> methods = s.functions().stream()
                .flatMap(f -> f.resetMethods().stream())
                .distinct()
                .toList();
        return "It can be reset" + (methods.isEmpty() ? "." : " (" + String.join(", ", methods) + ").");
    }

    private static String awake(Subject s) {
        String state = s.functions().isEmpty() ? null : s.functions().getFirst().powerState();
        return "It is awake" + (state == null ? "." : " (" + state + ").");
    }

    private static String drivers(Subject s) {
        return "No GPU driver of the host has it: "
                + s.functions().stream()
                        .map(f -> Objects.requireNonNullElse(f.driver(), "none"))
                        .distinct()
                        .collect(Collectors.joining(", "))
                + ".";
    }
}
