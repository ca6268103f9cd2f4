package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.NativeTable;
import com.vaadin.flow.component.html.NativeTableCell;
import com.vaadin.flow.component.html.NativeTableRow;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.TextArea;
import dev.rackhouse.base.Secret;
import dev.rackhouse.lab.LabDraft.HostDraft;

/** Hosts: let the console in, look at each host's key, pin it. */
class HostsStep extends WizardStep {

    HostsStep(ConnectLab wizard, Runnable moved) {
        super(
                wizard,
                moved,
                "Drivers, boot settings, huge pages and files are only seen over SSH. Without hosts the console shows what Proxmox tells and can start and stop guests.");
        add(
                new H3("1. Let the console in: paste this into a root shell of each host"),
                new Commands(wizard.authorizeLines()),
                ownKey());
        add(new H3("2. Hosts"), table());
        HostForm form = new HostForm(
                wizard.hosts().stream().map(HostDraft::node).toList(),
                e -> wizard.look(e.node(), e.address(), e.port(), e.user(), e.jump()),
                (e, key) -> {
                    wizard.pinHost(e.node(), e.address(), e.port(), e.user(), e.jump(), key);
                    moved.run();
                });
        Div suggested = new Div();
        suggested.addClassName("row");
        wizard.suggestions().forEach(member -> {
            String address = member.address();
            Button fill = new Button(
                    "Enter " + member.name(),
                    click -> form.fill(new HostForm.Entered(
                            member.name(), address == null ? member.name() : address, 22, "root", null)));
            fill.addThemeVariants(ButtonVariant.LUMO_SMALL);
            suggested.add(fill);
        });
        add(suggested, form);
        end(next(wizard.hosts().isEmpty() ? "Go on without hosts" : "Go on", wizard::hostsDone));
    }

    private Details ownKey() {
        TextArea key = new TextArea("Private key without passphrase");
        key.addClassName("lab-field");
        Button use = new Button("Use this key", click -> {
            try {
                wizard.useKey(new Secret(key.getValue()));
                moved.run();
            } catch (IllegalArgumentException e) {
                show(e);
            }
        });
        return new Details("Use a key of your own instead", new Div(key, use));
    }

    private NativeTable table() {
        NativeTable table = new NativeTable();
        table.addClassName("table");
        for (HostDraft host : wizard.hosts()) {
            Button remove = new Button("Remove", click -> {
                try {
                    wizard.removeHost(host.node());
                    moved.run();
                } catch (IllegalArgumentException e) {
                    show(e);
                }
            });
            remove.addThemeVariants(ButtonVariant.LUMO_SMALL, ButtonVariant.LUMO_TERTIARY);
            Span key = new Span(host.hostKey().toString());
            key.addClassNames("mono", "wrap-anywhere");
            NativeTableRow row = new NativeTableRow();
            row.add(
                    new NativeTableCell(host.node()),
                    new NativeTableCell(host.user() + "@" + host.address() + ":" + host.port()
                            + (host.jump() == null ? "" : " through " + host.jump())),
                    new NativeTableCell(key),
                    new NativeTableCell(remove));
            table.getBody().add(row);
        }
        return table;
    }
}
