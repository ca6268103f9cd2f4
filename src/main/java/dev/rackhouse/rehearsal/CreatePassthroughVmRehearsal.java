package dev.rackhouse.rehearsal;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.passthrough.CreatePassthroughVm;
import dev.rackhouse.passthrough.PassthroughPlan;
import dev.rackhouse.runbook.Runbook;
import java.util.List;

/** The GPU of caraxes, with every suggestion of the wizard taken. */
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
        return List.of(new Scene("targaryen", "caraxes"));
    }

    @Override
    public List<Planned<PassthroughPlan>> plans(Workbench workbench, Control control, NodeRef node) {
        PciSlot gpu = PciSlot.parse("0000:0e:00");
        return List.of(new Planned.Plan<>(gpu.toString(), workbench.planPassthrough(node, gpu)));
    }
}
