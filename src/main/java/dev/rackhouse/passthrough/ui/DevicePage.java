package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.AgeLabel;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.Glyph;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.passthrough.DeviceChoice;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.PassthroughDraft.Field;
import dev.rackhouse.passthrough.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Which node, which devices. */
final class DevicePage extends StepPage {

    private final WizardPresenter presenter;
    private final Select<NodeRef> node = new Select<>();
    private final Div age = new Div();
    private final Div list = new Div();

    DevicePage(WizardPresenter presenter, Function<NodeRef, String> labName) {
        this.presenter = presenter;
        node.setLabel("Node");
        node.setManualValidation(true);
        node.setItemLabelGenerator(n -> n.node() + " · " + labName.apply(n));
        node.addValueChangeListener(change -> {
            if (change.isFromClient() && change.getValue() != null) {
                presenter.chooseNode(change.getValue());
            }
        });
        age.addClassNames("small", "muted", "row");
        list.addClassName("wizard-devices");
        add(node, age, list);
    }

    @Override
    void show(WizardState state) {
        if (!state.nodes().equals(node.getListDataView().getItems().toList())) {
            node.setItems(state.nodes());
        }
        NodeRef chosen = state.draft().node();
        if (chosen != null && state.nodes().contains(chosen)) {
            node.setValue(chosen);
        }
        mark(node, state, Field.NODE);
        age.removeAll();
        list.removeAll();
        Site site = state.site();
        String failure = state.failure();
        if (failure != null) {
            list.add(new Notice(Verdict.Level.CRITICAL, "The node could not be read", failure));
        } else if (state.loading() != null) {
            list.add(new Span("Reading " + state.loading().node() + "…"));
        } else if (state.nodes().isEmpty()) {
            list.add(new EmptyState("No node can get a VM", "Connect a lab with Proxmox and SSH on the page Labs."));
        } else if (site != null) {
            if (site.seen() != null) {
                age.add(new Span("As the probe saw it"), new AgeLabel(site.seen()));
            }
            devices(state);
        }
    }

    private void devices(WizardState state) {
        if (state.devices().isEmpty()) {
            list.add(new EmptyState("No device to give", "This host shows no device that makes sense for a guest."));
            return;
        }
        state.problem(Field.DEVICES).ifPresent(text -> {
            Span problem = new Span(text);
            problem.addClassName("chip");
            problem.addClassName("attention");
            list.add(problem);
        });
        state.devices().forEach(d -> list.add(row(d, state.draft().devices())));
    }

    private Div row(DeviceChoice device, List<String> chosen) {
        Checkbox box = new Checkbox(device.label());
        box.setValue(chosen.contains(device.path()));
        box.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                List<String> now = new ArrayList<>(chosen);
                now.remove(device.path());
                if (change.getValue()) {
                    now.add(device.path());
                }
                presenter.chooseDevices(now);
            }
        });
        Span facts = new Span("%s · %s · group %s · driver %s"
                .formatted(device.path(), device.ids(), device.groups(), device.drivers()));
        facts.addClassNames("mono", "small", "muted", "wrap-anywhere");
        Div text = new Div(box, facts, standing(device));
        text.addClassNames("stack", "grow");
        Div row = new Div(new Glyph(device.gpu() ? Glyph.Kind.GPU : Glyph.Kind.DEVICE), text);
        row.addClassName("wizard-device");
        return row;
    }

    private static Span standing(DeviceChoice device) {
        Finding blocker = device.blocker();
        Span chip = new Span(
                blocker != null
                        ? "blocked: " + blocker.text()
                        : device.warnings() == 0
                                ? "free"
                                : device.warnings() + (device.warnings() == 1 ? " thing" : " things") + " to confirm");
        chip.addClassNames("small", "wrap-anywhere");
        chip.addClassName(blocker != null ? "is-critical" : device.warnings() == 0 ? "is-ok" : "is-attention");
        return chip;
    }
}
