package dev.rackhouse.preparation;

import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.ProtectedSet;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.Findings;
import dev.rackhouse.passthrough.Target;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.Start;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.stereotype.Service;

/** Preparing hosts: what should be wished, whether it can be done, the literal plan, the start. Safe for many threads. */
@Service
public class Preparation {

    private final PreparationSites sites;
    private final Runs runs;
    private final PrepareHost runbook;

    Preparation(PreparationSites sites, Runs runs, PrepareHost runbook) {
        this.sites = sites;
        this.runs = runs;
        this.runbook = runbook;
    }

    /**
     * Probes the host and reads its files. Blocks, up to two minutes.
     *
     * @throws dev.rackhouse.base.RemoteFailure when it does not answer, or not as a whole
     */
    public PreparationSite read(NodeRef node) {
        return sites.read(node);
    }

    /** What follows from the findings: what is broken is mended, GPUs that the host's driver has are bound early, and no more. */
    public PreparationDraft suggest(PreparationSite site) {
        HostFacts facts = site.facts();
        Set<String> found =
                Findings.ofHost(facts, null).stream().map(Finding::check).collect(Collectors.toSet());
        return PreparationDraft.empty(site.node())
                .withIommu(!facts.iommuOn())
                .withEarly(early(facts))
                .withoutLines(found.contains("iommu.grub-stray"), found.contains("vfio.virqfd"));
    }

    private static Set<PciSlot> early(HostFacts facts) {
        ProtectedSet needed = ProtectedSet.of(facts);
        Set<PciSlot> slots = new TreeSet<>();
        for (PciSlot slot : devices(facts)) {
            List<Finding> findings = Findings.ofDevice(facts, new Target.Slot(slot));
            boolean hostDriver = findings.stream().anyMatch(f -> f.check().equals("gpu.host-driver"));
            boolean firmware = findings.stream().anyMatch(f -> f.check().startsWith("protect.") && f.blocks());
            boolean primary = facts.functions(slot).stream().anyMatch(f -> Boolean.TRUE.equals(f.bootVga()));
            boolean used = facts.functions(slot).stream()
                    .anyMatch(f -> !needed.of(f.address()).isEmpty());
            if (hostDriver && !firmware && !primary && !used) {
                slots.add(slot);
            }
        }
        return slots;
    }

    /** Slots with a GPU, which are the ones that a driver can hold on to. */
    public static List<PciSlot> devices(HostFacts facts) {
        return facts.functions().stream()
                .filter(f -> f.gpu() && f.passable() && !f.virtualFunction())
                .map(f -> f.slot())
                .distinct()
                .toList();
    }

    /** Whether the IOMMU is off, and a word of the kernel turns it on. */
    public static boolean iommuByWord(HostFacts facts) {
        return !facts.iommuOn() && IommuSwitch.byWord(facts);
    }

    /** Pure, so it may be asked after every change. */
    public PreparationReadiness assess(PreparationDraft draft, PreparationSite site) {
        return PreparationAssessment.of(draft, site);
    }

    /** The literal plan: what is shown is what is sent. */
    public Outline preview(PreparationPlan plan) {
        return runbook.outline(plan);
    }

    /**
     * Starts the run.
     *
     * @throws AccessDeniedException when the operator may not reboot hosts
     */
    public Start start(PreparationPlan plan, Operator operator, String reason) {
        if (!operator.may(Role.OPERATOR)) {
            throw new AccessDeniedException(
                    operator.name() + " may look, but not prepare hosts: this needs the role operator.");
        }
        return runs.start(runbook, plan, operator, reason);
    }
}
