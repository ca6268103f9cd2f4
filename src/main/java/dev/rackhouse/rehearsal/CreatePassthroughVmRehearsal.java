package dev.rackhouse.rehearsal;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.passthrough.CreatePassthroughVm;
import dev.rackhouse.passthrough.Passthrough;
import dev.rackhouse.passthrough.PassthroughPlan;
import dev.rackhouse.passthrough.Site;
import dev.rackhouse.proxmox.PveVersion;
import dev.rackhouse.runbook.Runbook;
import java.util.List;

/** The GPU of caraxes and that of the single-GPU host, with every suggestion of the wizard taken. */
final class CreatePassthroughVmRehearsal implements RehearsedRunbook<PassthroughPlan> {

    @Override
    public String name() {
        return CreatePassthroughVm.NAME;
    }

    @Override
    public Class<? extends Runbook<PassthroughPlan>> runbook() {
        return CreatePassthroughVm.class;
    }

    @Override
    public List<Scene> scenes() {
        return List.of(new Scene("targaryen", "caraxes"), new Scene("prepared", "pve"));
    }

    @Override
    public List<Planned<PassthroughPlan>> plans(Workbench workbench, Control control, NodeRef node) {
        if (node.node().equals("pve")) {
            PciSlot only = PciSlot.parse("0000:01:00");
            workbench.part(Passthrough.class).probe(node);
            return List.of(new Planned.Plan<>(only.toString(), workbench.planPassthrough(node, only)));
        }
        PciSlot gpu = PciSlot.parse("0000:0e:00");
        return List.of(
                new Planned.Plan<>(gpu.toString(), workbench.planPassthrough(node, gpu)),
                new Planned.Plan<>(
                        gpu + ", as on Proxmox VE 8.1", workbench.planPassthrough(gpu, older(workbench.site(node)))));
    }

    /** Before 8.4 no storage holds images for import; what is sent then, a newer Proxmox takes too. */
    private static Site older(Site site) {
        return new Site(
                site.node(),
                site.labName(),
                site.facts(),
                site.seen(),
                PveVersion.parse("8.1.10"),
                site.storages(),
                List.of(),
                site.taken(),
                site.addressesInUse(),
                site.networks(),
                site.mappings(),
                site.consoleKey(),
                site.ssh());
    }

    /** The guest that has the card of the single-GPU host is stopped. */
    @Override
    public void prepare(Workbench workbench, Control control, NodeRef node) {
        if (node.node().equals("pve")) {
            control.post("/guests", "{\"vmid\":201,\"running\":false}");
        }
    }
}
