package dev.rackhouse.preparation;

import dev.rackhouse.inventory.fact.BlastRadius;
import dev.rackhouse.inventory.fact.DeviceUse;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.NetInterface;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.inventory.fact.ProtectedSet;
import dev.rackhouse.inventory.fact.Zpool;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.Severity;
import dev.rackhouse.preparation.PreparationPlan.BootFiles;
import dev.rackhouse.preparation.PreparationPlan.Edit;
import dev.rackhouse.preparation.PreparationPlan.Function;
import dev.rackhouse.preparation.PreparationPlan.PlannedGuest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a host can be prepared as wished, and with which plan: a pure function of the draft and of what is known. */
final class PreparationAssessment {

    /** Long enough for a console that has to see the host, prove and disarm; short enough for somebody who waits. */
    private static final int REVERT_MINUTES = 10;
    /** A console that lives on the host comes back with its guests, after them its database. */
    private static final int REVERT_MINUTES_WITH_CONSOLE = 30;

    private final PreparationDraft draft;
    private final PreparationSite site;
    private final HostFacts facts;
    private final FileSet set;

    private PreparationAssessment(PreparationDraft draft, PreparationSite site) {
        this.draft = draft;
        this.site = site;
        this.facts = site.facts();
        this.set = FileSet.of(draft, site);
    }

    static PreparationReadiness of(PreparationDraft draft, PreparationSite site) {
        return new PreparationAssessment(draft, site).assess();
    }

    private PreparationReadiness assess() {
        List<Edit> edits = set.edits();
        List<SelfDependency.Carried> carried =
                SelfDependency.of(site.console(), facts, site.node().node(), site.guests());
        boolean reboots = !set.words().isEmpty() || !set.early().isEmpty() && !edits.isEmpty();
        List<Finding> findings = new ArrayList<>(set.problems());
        findings.addAll(wishes());
        if (!edits.isEmpty() || !findings.isEmpty()) {
            findings.addAll(LockOutForecast.of(site, set.early(), reboots));
        }
        if (reboots) {
            carries(carried).ifPresent(findings::add);
        }
        findings.sort(Comparator.comparing(Finding::severity));
        List<Finding> open =
                findings.stream().filter(f -> f.needsTick() && !ticked(f)).toList();
        if (findings.stream().anyMatch(Finding::blocks)) {
            return new PreparationReadiness.Blocked(findings, open);
        }
        if (edits.isEmpty()) {
            return new PreparationReadiness.NotNeeded(notNeeded(), findings);
        }
        return open.isEmpty()
                ? new PreparationReadiness.Ready(plan(edits, reboots, carried, findings), findings)
                : new PreparationReadiness.Blocked(findings, open);
    }

    private boolean ticked(Finding finding) {
        boolean tick = draft.accepted().contains(finding.key());
        return finding.check().equals(PreparationReadiness.CARRIES_CONSOLE)
                ? tick && draft.somebodyThere().equalsIgnoreCase(PreparationDraft.SOMEBODY_THERE)
                : tick;
    }

    private Optional<Finding> carries(List<SelfDependency.Carried> carried) {
        return carried.isEmpty()
                ? Optional.empty()
                : Optional.of(Found.warning(
                        PreparationReadiness.CARRIES_CONSOLE,
                        "This host carries %s. While it reboots nobody watches from here; when it is back, the console comes back with it and finishes the run."
                                .formatted(String.join(
                                        ", ",
                                        carried.stream()
                                                .map(SelfDependency.Carried::toString)
                                                .toList())),
                        "Tick this and type \"" + PreparationDraft.SOMEBODY_THERE
                                + "\": somebody must be at the machine, or at its management controller."));
    }

    private List<Finding> wishes() {
        List<Finding> found = new ArrayList<>();
        if (!facts.root()) {
            found.add(Found.blocker(
                    "files.root",
                    "The console does not sign in as root on this host, so it can neither read nor write the boot files.",
                    "Let the lab sign in as root.",
                    "K uid " + facts.key("uid")));
        }
        if (draft.iommu() || !draft.early().isEmpty()) {
            IommuSwitch.onlyInFirmware(facts).ifPresent(found::add);
        }
        if (!draft.early().isEmpty() && !facts.iommuOn() && !draft.iommu() && IommuSwitch.byWord(facts)) {
            found.add(Found.blocker(
                    "early.iommu",
                    "vfio-pci takes no device while the IOMMU is off.",
                    "Also choose to turn the IOMMU on."));
        }
        draft.early().forEach(slot -> {
            if (facts.functions(slot).stream().noneMatch(f -> set.early().contains(f))) {
                found.add(Found.of(
                        "dev.missing",
                        Severity.BLOCKER,
                        slot,
                        "Nothing that could be given to a guest is at " + slot + ".",
                        "Choose another device."));
            }
        });
        ModuleLists.against(site.files()).stream()
                .limit(draft.early().isEmpty() ? 0 : 1)
                .forEach(line -> found.add(Found.blocker(
                        "early.blacklist",
                        "\"%s\" keeps vfio-pci from being loaded.".formatted(line),
                        "Remove that line.",
                        line)));
        Hugepages pages = draft.pages();
        if (pages != null) {
            pages.doesNotFit(facts)
                    .ifPresent(why -> found.add(Found.blocker("hp.room", why, "Set fewer pages aside.")));
        }
        return found;
    }

    private String notNeeded() {
        boolean early = !draft.early().isEmpty();
        if (!facts.iommuOn()) {
            return "Nothing is chosen that would change a file.";
        }
        return early
                ? "All of it is so already: the files say what is wished."
                : "The IOMMU is on, and Proxmox binds a device to vfio-pci by itself when its VM starts. Nothing has to be changed"
                        + " on this host, and it need not reboot.";
    }

    private PreparationPlan plan(
            List<Edit> edits, boolean reboots, List<SelfDependency.Carried> carried, List<Finding> findings) {
        List<Function> early = set.early().stream()
                .map(f -> new Function(f.address().toString(), f.slot().toString(), f.ids(), "vfio-pci"))
                .toList();
        BootFiles boot = set.boot();
        return new PreparationPlan(
                site.node(),
                title(),
                edits,
                missingFolders(reboots),
                reboots,
                set.initramfs(),
                boot,
                set.words(),
                java.util.Objects.requireNonNullElse(facts.key("cmdline"), ""),
                early,
                keeps(),
                reboots ? wakened() : List.of(),
                interfaces(),
                addresses(),
                facts.zpools().stream().map(Zpool::name).toList(),
                Boolean.TRUE.equals(facts.flag("irq_remap")),
                facts.iommuOn() || draft.iommu(),
                reboots && draft.pages() != null ? draft.pages() : null,
                guests(reboots),
                findings.stream()
                        .filter(f ->
                                f.check().startsWith("reboot.") || f.check().equals("twins.ids"))
                        .map(Finding::text)
                        .toList(),
                carried.stream().map(SelfDependency.Carried::toString).toList(),
                carried.isEmpty() ? REVERT_MINUTES : REVERT_MINUTES_WITH_CONSOLE,
                findings.stream()
                        .filter(Finding::needsTick)
                        .map(f -> f.check() + ": " + f.text())
                        .toList());
    }

    /** Of the edits, and of what the run keeps on the host meanwhile. */
    private List<String> missingFolders(boolean reboots) {
        List<String> missing = new ArrayList<>(set.missingFolders());
        Stream.of(
                        "/etc/systemd",
                        "/etc/systemd/system",
                        "/var/backups",
                        "/var/backups/rackhouse",
                        "/var/lib/rackhouse",
                        "/var/lib/rackhouse/revert")
                .filter(f -> reboots || f.startsWith("/var/backups"))
                .filter(f -> !site.files().folders().contains(f))
                .forEach(missing::add);
        return missing;
    }

    private String title() {
        List<String> parts = new ArrayList<>();
        if (draft.iommu() && !facts.iommuOn()) {
            parts.add("IOMMU on");
        }
        if (!draft.early().isEmpty()) {
            parts.add(String.join(
                            ", ", draft.early().stream().map(Object::toString).toList()) + " bound early");
        }
        Hugepages pages = draft.pages();
        if (pages != null) {
            parts.add(pages.label());
        }
        if (draft.identity()) {
            parts.add("iommu=pt");
        }
        return parts.isEmpty() ? "lines cleaned up" : String.join(", ", parts);
    }

    /** Twins of the planned devices and all that the host needs, with the host's drivers that have them. */
    private List<Function> keeps() {
        ProtectedSet needed = ProtectedSet.of(facts);
        return facts.functions().stream()
                .filter(f -> f.driver() != null
                        && !"vfio-pci".equals(f.driver())
                        && !set.early().contains(f))
                .filter(f -> !needed.of(f.address()).isEmpty() || twin(f))
                .map(f -> new Function(
                        f.address().toString(),
                        f.slot().toString(),
                        f.ids(),
                        java.util.Objects.requireNonNullElse(f.driver(), "")))
                .toList();
    }

    /** Proxmox takes whole IOMMU groups at a guest's start and does not give them back when it stops. */
    private List<Function> wakened() {
        List<PciFunction> named = DeviceUse.of(facts).stream()
                .filter(u -> site.guests().stream()
                        .anyMatch(g -> g.vmid().equals(u.guest().vmid()) && g.onboot() && !g.running()))
                .flatMap(u -> facts.functions().stream().filter(f -> u.names(f.address())))
                .toList();
        return BlastRadius.of(facts, named).stream()
                .flatMap(a -> facts.function(a).stream())
                .filter(f -> !"vfio-pci".equals(f.driver()))
                .map(f -> new Function(
                        f.address().toString(),
                        f.slot().toString(),
                        f.ids(),
                        java.util.Objects.requireNonNullElse(f.driver(), "none")))
                .toList();
    }

    private boolean twin(PciFunction f) {
        return set.early().stream().anyMatch(e -> e.ids().equals(f.ids()));
    }

    private List<String> interfaces() {
        return facts.interfaces().stream()
                .filter(i -> i.controller() != null)
                .map(NetInterface::name)
                .filter(n -> n.matches("[A-Za-z0-9_.-]{1,15}"))
                .toList();
    }

    /** Addresses that do not come and go with guests or by the minute. */
    private List<String> addresses() {
        return facts.addresses().stream()
                .filter(a -> !a.interfaceName().matches("lo|(?:tap|veth|fw(?:br|pr|ln)).*"))
                .filter(a -> a.ipv4() && a.interfaceName().matches("[A-Za-z0-9_.-]{1,15}"))
                .map(a -> a.interfaceName() + " " + a.cidr())
                .toList();
    }

    private List<PlannedGuest> guests(boolean reboots) {
        return site.guests().stream()
                .filter(g -> reboots && (g.running() || g.onboot()))
                .sorted(Guest.START_ORDER)
                .map(g -> new PlannedGuest(g.vmid().value(), g.kind(), g.label(), g.running(), g.onboot()))
                .toList();
    }
}
