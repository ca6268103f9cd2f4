package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.ui.ErrorNotice;
import dev.rackhouse.inventory.Inventory;

/** Reads a node again over SSH, in the background; the page shows what came of it. */
final class ProbeButton {

    private ProbeButton() {}

    static Button of(Inventory inventory, NodeRef node, Runnable done) {
        Button button = new Button("Probe now");
        button.addThemeVariants(ButtonVariant.LUMO_SMALL);
        button.setTooltipText("Reads " + node.node() + " over SSH: one script, one round trip, changes nothing");
        button.setDisableOnClick(true);
        button.addClickListener(click -> {
            button.setText("Probing …");
            UI ui = click.getSource().getUI().orElseThrow();
            Thread.ofVirtual().name("probe-asked").start(() -> probe(inventory, node, done, button, ui));
        });
        return button;
    }

    private static void probe(Inventory inventory, NodeRef node, Runnable done, Button button, UI ui) {
        try {
            inventory.probe(node);
            ui.access(() -> finish(button, done));
        } catch (RemoteFailure failure) {
            ui.access(() -> {
                finish(button, done);
                Dialog dialog = new Dialog(new ErrorNotice(failure));
                dialog.setHeaderTitle("The probe did not succeed");
                dialog.getFooter().add(new Button("Back", click -> dialog.close()));
                dialog.setMaxWidth("min(720px, 94vw)");
                dialog.open();
            });
        } catch (RuntimeException broken) {
            ui.access(() -> {
                finish(button, done);
                throw broken;
            });
        }
    }

    private static void finish(Button button, Runnable done) {
        button.setText("Probe now");
        button.setEnabled(true);
        done.run();
    }
}
