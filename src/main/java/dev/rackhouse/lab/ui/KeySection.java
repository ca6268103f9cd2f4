package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import dev.rackhouse.base.ui.ConfirmAction;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.lab.Lab;
import java.util.List;

/** The lab's own SSH key, and changing it: make a new one, let it in everywhere, then use it. */
class KeySection extends Section {

    KeySection(Lab lab, LabEditing editing) {
        super("SSH key");
        Paragraph about = new Paragraph(
                "The console signs in with this key on hosts that have none of their own, and puts it into guests that it creates.");
        about.addClassName("muted");
        add(about, new Commands(List.of(lab.publicKey())));
        Div buttons = new Div();
        buttons.addClassName("row");
        String next = lab.nextPublicKey();
        if (next == null) {
            buttons.add(editing.button(
                    "Make a new key",
                    b -> editing.act(() -> editing.administration().prepareKey(lab.id()))));
        } else {
            add(
                    new Paragraph("The new key does not sign in yet. Let it in on every host, then use it:"),
                    new Commands(List.of(next)));
            buttons.add(
                    editing.button(
                            "Let it in with the old key",
                            b -> new ConfirmAction(
                                            "Let the new key in",
                                            "Adds the new key's line to the authorized_keys of every host that the old key reaches.",
                                            "Add the line",
                                            () -> editing.ask(
                                                    b,
                                                    () -> editing.administration()
                                                            .installKey(lab.id())))
                                    .open()),
                    editing.button(
                            "Try and use the new key",
                            b -> editing.ask(b, () -> editing.administration().useNextKey(lab.id()))),
                    editing.button(
                            "Drop the new key",
                            b -> editing.act(() -> editing.administration().dropNextKey(lab.id()))));
        }
        add(buttons);
    }
}
