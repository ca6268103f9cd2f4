package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;

/** Name and addresses. */
class AddressStep extends WizardStep {

    AddressStep(ConnectLab wizard, Runnable moved) {
        super(
                wizard,
                moved,
                "A lab is a Proxmox server or cluster, plain hosts reached by SSH, or both. For a cluster, the addresses of several nodes keep it reachable when one is down.");
        TextField name = new TextField("Name");
        name.setValue(wizard.name());
        name.setMaxLength(60);
        name.setHelperText("As you call it: home, rack in the basement");
        name.addClassName("lab-field");
        Checkbox proxmox = new Checkbox("There is Proxmox", wizard.proxmox());
        TextArea addresses = new TextArea("Addresses of Proxmox, one per line");
        addresses.setValue(wizard.addresses());
        addresses.setPlaceholder("https://10.0.10.41:8006");
        addresses.addClassName("lab-field");
        addresses.setVisible(wizard.proxmox());
        proxmox.addValueChangeListener(change -> addresses.setVisible(change.getValue()));
        add(name, proxmox, addresses);
        end(next("Look there", () -> wizard.enterAddress(name.getValue(), proxmox.getValue(), addresses.getValue())));
    }
}
