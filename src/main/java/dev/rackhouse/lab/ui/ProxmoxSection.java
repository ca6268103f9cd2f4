package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import dev.rackhouse.base.ui.ConfirmAction;
import dev.rackhouse.base.ui.Facts;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.lab.Lab;
import dev.rackhouse.lab.ProxmoxSide;
import dev.rackhouse.proxmox.Fingerprint;

/** The Proxmox endpoint: addresses with their pins, the token; changing, rotating, removing. */
class ProxmoxSection extends Section {

    ProxmoxSection(Lab lab, LabEditing editing) {
        super("Proxmox");
        ProxmoxSide side = lab.proxmox();
        Div buttons = new Div();
        buttons.addClassName("row");
        if (side == null) {
            add(new Paragraph("This lab has no Proxmox endpoint."));
            buttons.add(editing.button("Add an endpoint", b -> new EndpointDialog(lab, editing).open()));
        } else {
            add(facts(side));
            buttons.add(
                    editing.button("Change the endpoint", b -> new EndpointDialog(lab, editing).open()),
                    editing.button("Rotate the token", b -> new TokenDialog(lab.name(), side, editing).open()),
                    editing.button("Remove the endpoint", b -> confirm(lab, editing)));
        }
        add(buttons);
    }

    private static Facts facts(ProxmoxSide side) {
        Facts facts = new Facts();
        for (ProxmoxSide.Door door : side.doors()) {
            Fingerprint pin = door.pin();
            facts.code("Address", door.url().toString());
            if (pin != null) {
                facts.code("Pinned certificate", pin.toString());
            }
        }
        if (side.trust() != ProxmoxSide.Trust.PINNED) {
            facts.fact(
                    "Trust",
                    side.trust() == ProxmoxSide.Trust.AUTHORITY
                            ? "certificates of an authority of yours"
                            : "certificates that browsers trust");
        }
        return facts.code("Token", side.tokenId());
    }

    private static void confirm(Lab lab, LabEditing editing) {
        new ConfirmAction(
                        "Remove the Proxmox endpoint of " + lab.name(),
                        "The console forgets the token and the pins. Guests and storages are not seen any more; hosts stay.",
                        "Remove the endpoint",
                        () -> editing.act(() -> editing.administration().setProxmox(lab.id(), null)))
                .open();
    }
}
