package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.rackhouse.passthrough.PassthroughDraft;
import dev.rackhouse.passthrough.PassthroughDraft.Field;
import dev.rackhouse.passthrough.Site;
import java.util.List;
import java.util.Objects;

/** Where the guest is plugged in, its address, and who may sign in. */
final class NetworkPage extends StepPage {

    private final Select<Site.Network> network = new Select<>();
    private final TextField vlan;
    private final TextField address;
    private final TextField gateway;
    private final TextField nameserver;
    private final TextField user;
    private final TextArea keys = new TextArea("SSH keys that may sign in beside the console's");
    private List<Site.Network> networks = List.of();

    NetworkPage(WizardPresenter presenter) {
        network.setLabel("Network");
        network.setManualValidation(true);
        network.setItemLabelGenerator(NetworkPage::label);
        network.addValueChangeListener(change -> {
            if (change.isFromClient() && change.getValue() != null) {
                presenter.chooseNetwork(change.getValue());
            }
        });
        vlan = text("VLAN", presenter, PassthroughDraft.Edit::vlan);
        vlan.setHelperText("1 to 4094. Empty: untagged.");
        address = text("Address with prefix", presenter, PassthroughDraft.Edit::address);
        address.setHelperText("Fixed: the console reaches the guest there, through its node.");
        gateway = text("Gateway", presenter, PassthroughDraft.Edit::gateway);
        nameserver = text("DNS servers", presenter, PassthroughDraft.Edit::nameserver);
        nameserver.setHelperText("Empty: as the node has them.");
        user = text("User", presenter, PassthroughDraft.Edit::user);
        user.setHelperText("Made by cloud-init, with sudo.");
        keys.setManualValidation(true);
        keys.setValueChangeMode(ValueChangeMode.LAZY);
        keys.setHelperText("Public keys, one a line.");
        keys.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                presenter.edit(edit -> edit.sshKeys(change.getValue()));
            }
        });
        Div grid = new Div(network, vlan, address, gateway, nameserver, user);
        grid.addClassName("wizard-fields");
        keys.addClassName("wizard-wide");
        add(grid, keys);
    }

    @Override
    void show(WizardState state) {
        PassthroughDraft draft = state.draft();
        Site site = state.site();
        if (site != null && !site.networks().equals(networks)) {
            networks = site.networks();
            network.setItems(networks);
        }
        networks.stream()
                .filter(n -> n.bridge().equals(draft.bridge()) && Objects.equals(tag(n), draft.vlan()))
                .findFirst()
                .or(() -> networks.stream()
                        .filter(n -> n.bridge().equals(draft.bridge()))
                        .findFirst())
                .ifPresentOrElse(network::setValue, network::clear);
        mark(network, state, Field.BRIDGE);
        fill(vlan, draft.vlan(), state, Field.VLAN);
        fill(address, draft.address(), state, Field.ADDRESS);
        fill(gateway, draft.gateway(), state, Field.GATEWAY);
        fill(nameserver, draft.nameserver(), state, Field.NAMESERVER);
        fill(user, draft.user(), state, Field.USER);
        if (!keys.getValue().equals(draft.sshKeys())) {
            keys.setValue(draft.sshKeys());
        }
        mark(keys, state, Field.SSH_KEYS);
    }

    private static String tag(Site.Network network) {
        Integer tag = network.tag();
        return tag == null ? "" : tag.toString();
    }

    private static String label(Site.Network network) {
        return network.bridge()
                + (network.tag() == null ? "" : " · VLAN " + network.tag())
                + (network.cidr() == null ? "" : " · " + network.cidr());
    }
}
