package dev.rackhouse.rehearsal;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.preparation.Hugepages;
import dev.rackhouse.preparation.Preparation;
import dev.rackhouse.preparation.PreparationDraft;
import dev.rackhouse.preparation.PreparationPlan;
import dev.rackhouse.preparation.PreparationReadiness;
import dev.rackhouse.preparation.PreparationSite;
import dev.rackhouse.preparation.PrepareHost;
import dev.rackhouse.runbook.Runbook;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** All hosts with Proxmox: what the page suggests, and where that changes nothing, something that does. */
final class PrepareHostRehearsal implements RehearsedRunbook<PreparationPlan> {

    @Override
    public String name() {
        return PrepareHost.NAME;
    }

    @Override
    public Class<? extends Runbook<PreparationPlan>> runbook() {
        return PrepareHost.class;
    }

    /** The switch on the host gives the console ten minutes after a boot: here 30 seconds, enough on a busy machine. */
    @Override
    public double speed() {
        return 20;
    }

    @Override
    public List<Scene> scenes() {
        return List.of(
                new Scene("bare", "pve"),
                new Scene("prepared", "pve"),
                new Scene("shared-group", "pve"),
                new Scene("thor", "thor"),
                new Scene("targaryen", "caraxes"),
                new Scene("targaryen", "meraxes"));
    }

    @Override
    public List<Planned<PreparationPlan>> plans(Workbench workbench, Control control, NodeRef node) {
        Preparation preparation = workbench.part(Preparation.class);
        PreparationSite site = preparation.read(node);
        PreparationDraft suggested = preparation.suggest(site);
        PreparationDraft nothing = PreparationDraft.empty(node);
        List<Planned<PreparationPlan>> plans = new ArrayList<>();
        String scene = site.labName() + "/" + node.node();
        switch (scene) {
            case "bare/pve" -> plans.add(planned("as suggested", suggested.withIdentity(true), site, preparation));
            case "prepared/pve" ->
                plans.add(planned(
                        "GPU by address and 4 pages",
                        suggested.withEarly(Set.of(PciSlot.parse("0000:01:00"))).withPages(new Hugepages(1024, 4)),
                        site,
                        preparation));
            case "shared-group/pve" -> {
                plans.add(planned(
                        "GPU by address", nothing.withEarly(Set.of(PciSlot.parse("0000:01:00"))), site, preparation));
                plans.add(planned("pages of 2 MiB", nothing.withPages(new Hugepages(2, 1024)), site, preparation));
            }
            case "thor/thor" ->
                plans.add(planned("136 pages", nothing.withPages(new Hugepages(1024, 136)), site, preparation));
            default -> {
                PciSlot gpu = PciSlot.parse(node.node().equals("caraxes") ? "0000:0e:00" : "0000:0d:00");
                plans.add(planned("GPU by address", nothing.withEarly(Set.of(gpu)), site, preparation));
            }
        }
        return plans;
    }

    private static Planned<PreparationPlan> planned(
            String what, PreparationDraft draft, PreparationSite site, Preparation preparation) {
        PreparationReadiness readiness = preparation.assess(draft, site);
        if (readiness instanceof PreparationReadiness.Blocked blocked) {
            readiness = preparation.assess(
                    draft.withAccepted(blocked.toConfirm().stream()
                                    .map(Finding::key)
                                    .collect(Collectors.toSet()))
                            .withSomebodyThere(PreparationDraft.SOMEBODY_THERE),
                    site);
        }
        return switch (readiness) {
            case PreparationReadiness.Ready ready -> new Planned.Plan<>(what, ready.plan());
            case PreparationReadiness.NotNeeded no -> new Planned.Refused<>(what, no.why());
            case PreparationReadiness.Blocked blocked ->
                new Planned.Refused<>(what, String.join(" ", blocked.blockers()));
        };
    }
}
