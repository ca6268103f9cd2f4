package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.checkbox.CheckboxGroup;
import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.TextField;
import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.NumaNode;
import dev.rackhouse.passthrough.PassthroughDraft;
import dev.rackhouse.passthrough.PassthroughDraft.Field;
import java.util.List;

/** Name, number, processors, memory and where it lies. */
final class SizePage extends StepPage {

    private final TextField name;
    private final TextField vmid;
    private final TextField cores;
    private final TextField memory;
    private final TextField affinity;
    private final CheckboxGroup<Integer> numa = new CheckboxGroup<>("NUMA nodes that the memory is bound to");
    private final Checkbox hugepages = new Checkbox("1 GiB hugepages, kept reserved after the VM stops");
    private List<NumaNode> nodes = List.of();

    SizePage(WizardPresenter presenter) {
        name = text("Name", presenter, PassthroughDraft.Edit::name);
        vmid = text("VMID", presenter, PassthroughDraft.Edit::vmid);
        cores = text("Cores", presenter, PassthroughDraft.Edit::cores);
        memory = text("Memory in MiB", presenter, PassthroughDraft.Edit::memoryMiB);
        affinity = text("CPU affinity", presenter, PassthroughDraft.Edit::affinity);
        affinity.setHelperText(
                "Host CPUs for all threads of the VM, like 0-5,24-29. Empty: all. Only root may set it; done by SSH.");
        numa.setManualValidation(true);
        numa.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                presenter.edit(edit -> edit.numaNodes(change.getValue()));
            }
        });
        hugepages.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                presenter.edit(edit -> edit.hugepages(change.getValue()));
            }
        });
        Div grid = new Div(name, vmid, cores, memory);
        grid.addClassName("wizard-fields");
        add(grid, numa, hugepages, new Details("More", affinity));
    }

    @Override
    void show(WizardState state) {
        PassthroughDraft draft = state.draft();
        fill(name, draft.name(), state, Field.NAME);
        fill(vmid, draft.vmid(), state, Field.VMID);
        fill(cores, draft.cores(), state, Field.CORES);
        fill(memory, draft.memoryMiB(), state, Field.MEMORY);
        fill(affinity, draft.affinity(), state, Field.AFFINITY);
        HostFacts facts = state.site() == null ? null : state.site().facts();
        if (facts == null) {
            return;
        }
        ByteSize available = facts.memory("MemAvailable");
        cores.setHelperText(facts.threads() + " threads on this host");
        memory.setHelperText(
                available == null ? "" : available + " available now; with a device all of it is taken at start");
        if (!nodes.equals(facts.numaNodes())) {
            nodes = facts.numaNodes();
            numa.setItems(nodes.stream().map(NumaNode::number).toList());
            numa.setItemLabelGenerator(this::label);
        }
        numa.setVisible(nodes.size() > 1);
        hugepages.setVisible(nodes.size() > 1 || draft.hugepages());
        numa.setValue(draft.numaNodes());
        hugepages.setValue(draft.hugepages());
        mark(numa, state, Field.NUMA);
    }

    private String label(Integer number) {
        return nodes.stream()
                .filter(n -> n.number() == number)
                .findFirst()
                .map(n -> {
                    NumaNode.Hugepages pages = n.pages(NumaNode.ONE_GIB);
                    return "Node %d · %d CPUs · %s free%s"
                            .formatted(
                                    number,
                                    n.cpus().size(),
                                    n.free(),
                                    pages.reserved() > 0
                                            ? " · " + pages.free() + " of " + pages.reserved() + " pages of 1 GiB free"
                                            : "");
                })
                .orElse("Node " + number);
    }
}
