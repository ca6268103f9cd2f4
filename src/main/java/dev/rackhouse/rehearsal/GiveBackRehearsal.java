package dev.rackhouse.rehearsal;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.inventory.NodeFacts;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.preparation.GiveBack;
import dev.rackhouse.preparation.GiveBackPlan;
import dev.rackhouse.preparation.GiveBackReadiness;
import dev.rackhouse.runbook.Runbook;
import java.util.List;

/** Every function that is on vfio-pci, on all hosts with Proxmox. */
final class GiveBackRehearsal implements RehearsedRunbook<GiveBackPlan> {

    @Override
    public String name() {
        return GiveBack.NAME;
    }

    @Override
    public Class<? extends Runbook<GiveBackPlan>> runbook() {
        return GiveBack.class;
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
    public List<Planned<GiveBackPlan>> plans(Workbench workbench, Control control, NodeRef node) {
        HostFacts facts = workbench
                .part(Inventory.class)
                .facts(node)
                .map(NodeFacts::facts)
                .orElseThrow();
        List<PciAddress> held = facts.functions().stream()
                .filter(f -> "vfio-pci".equals(f.driver()))
                .map(PciFunction::address)
                .toList();
        return held.isEmpty()
                ? List.of(new Planned.Refused<>("nothing", "no device of this host is on vfio-pci"))
                : held.stream().map(a -> planned(node, facts, a)).toList();
    }

    private static Planned<GiveBackPlan> planned(NodeRef node, HostFacts facts, PciAddress address) {
        String what = address.toString();
        return switch (GiveBackReadiness.of(node, facts, what, List.of(address))) {
            case GiveBackReadiness.Ready(GiveBackPlan plan) -> new Planned.Plan<>(what, plan);
            case GiveBackReadiness.Refused(String why) -> new Planned.Refused<>(what, why);
        };
    }
}
