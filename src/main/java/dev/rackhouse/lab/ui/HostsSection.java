package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.NativeTable;
import com.vaadin.flow.component.html.NativeTableCell;
import com.vaadin.flow.component.html.NativeTableHeaderCell;
import com.vaadin.flow.component.html.NativeTableRow;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.ConfirmAction;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.lab.Lab;
import dev.rackhouse.lab.LabDraft.HostDraft;
import dev.rackhouse.lab.LabHost;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hosts by SSH with their pins; adding, changing, removing. */
class HostsSection extends Section {

    private final Lab lab;
    private final LabEditing editing;

    HostsSection(Lab lab, LabEditing editing) {
        super("Hosts by SSH");
        this.lab = lab;
        this.editing = editing;
        Button add = editing.button("Add a host", b -> form(null));
        Button trust = editing.button(
                "Compare host keys and certificates",
                b -> b.getUI().ifPresent(ui -> ui.navigate(LabRoutes.trust(lab.id()))));
        Div buttons = new Div(add, trust);
        buttons.addClassName("row");
        add(lab.hosts().isEmpty() ? new Paragraph("No host is connected by SSH.") : table(), buttons);
    }

    private NativeTable table() {
        NativeTable table = new NativeTable();
        table.addClassNames("table", "stacked-table");
        NativeTableRow head = new NativeTableRow();
        for (String title : List.of("Host", "Reached at", "Pinned host key", "")) {
            head.add(new NativeTableHeaderCell(title));
        }
        table.getHead().add(head);
        for (LabHost host : lab.hosts()) {
            Span key = new Span(host.hostKey().toString());
            key.addClassNames("mono", "wrap-anywhere");
            Div buttons = new Div(
                    small(editing.button("Change", b -> form(host))),
                    small(editing.button("Remove", b -> confirm(host))));
            buttons.addClassName("row");
            NativeTableRow row = new NativeTableRow();
            row.add(
                    new NativeTableCell(host.node()),
                    new NativeTableCell(host.user() + "@" + host.address() + ":" + host.port()
                            + (host.jump() == null ? "" : " through " + host.jump())
                            + (host.ownKey() == null ? "" : ", key of its own")),
                    new NativeTableCell(key),
                    new NativeTableCell(buttons));
            table.getBody().add(row);
        }
        return table;
    }

    private static Button small(Button button) {
        button.addThemeVariants(ButtonVariant.LUMO_TERTIARY);
        return button;
    }

    private void form(@Nullable LabHost now) {
        Dialog dialog = new Dialog();
        dialog.setHeaderTitle(now == null ? "Add a host to " + lab.name() : "Change " + now.node());
        dialog.setMaxWidth("min(820px, 94vw)");
        HostForm form = new HostForm(
                lab.hosts().stream()
                        .map(LabHost::node)
                        .filter(n -> now == null || !n.equals(now.node()))
                        .toList(),
                e -> editing.testing().hostKey(lab.id(), e.address(), e.port(), e.jump()),
                (e, key) -> {
                    editing.administration()
                            .putHost(
                                    lab.id(),
                                    new HostDraft(e.node(), e.address(), e.port(), e.user(), null, key, e.jump()));
                    dialog.close();
                    editing.changed().run();
                });
        if (now != null) {
            form.fill(new HostForm.Entered(now.node(), now.address(), now.port(), now.user(), now.jump()));
        }
        dialog.add(form);
        dialog.getFooter().add(new Button("Back", click -> dialog.close()));
        dialog.open();
    }

    private void confirm(LabHost host) {
        new ConfirmAction(
                        "Remove " + host.node() + " from " + lab.name(),
                        "The console does not sign in there any more and forgets its pin. Nothing changes on the machine.",
                        "Remove " + host.node(),
                        () -> editing.act(() -> editing.administration().removeHost(lab.id(), host.node())))
                .open();
    }
}
