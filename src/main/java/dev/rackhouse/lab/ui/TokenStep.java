package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.checkbox.CheckboxGroup;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.radiobutton.RadioButtonGroup;
import com.vaadin.flow.component.textfield.PasswordField;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.rackhouse.base.Secret;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.lab.RackhouseRole;
import dev.rackhouse.proxmox.PveVersion;
import java.util.List;

/** The token, and the lines that make it with exactly the rights that are wanted. */
class TokenStep extends WizardStep {

    private static final PveVersion NINE = new PveVersion(9, 0, 0);
    private static final PveVersion EIGHT = new PveVersion(8, 4, 0);

    private final CheckboxGroup<RackhouseRole> roles = new CheckboxGroup<>("What the console may do");
    private final RadioButtonGroup<PveVersion> version = new RadioButtonGroup<>("Version of Proxmox");
    private final TextField id = new TextField("Token");
    private final Div lines = new Div();

    TokenStep(ConnectLab wizard, Runnable moved) {
        super(
                wizard,
                moved,
                "Paste the lines into a root shell of one node. They make roles, a user and a token; the token's secret is printed once. An existing token works too.");
        roles.setItems(RackhouseRole.values());
        roles.setItemLabelGenerator(role -> role.roleId() + ": " + role.purpose());
        roles.setValue(wizard.roles());
        roles.addValueChangeListener(change -> {
            wizard.roles().clear();
            wizard.roles().addAll(change.getValue());
            showLines();
        });
        version.setItems(List.of(NINE, EIGHT));
        version.setItemLabelGenerator(v -> v.major() + ".x");
        version.setValue(wizard.version().since(9, 0) ? NINE : EIGHT);
        version.addValueChangeListener(change -> showLines());
        id.setValue(wizard.tokenId());
        id.setHelperText("user@realm!name");
        id.addClassName("lab-field");
        id.setValueChangeMode(ValueChangeMode.LAZY);
        id.addValueChangeListener(change -> showLines());
        PasswordField secret = new PasswordField("Secret");
        secret.addClassName("lab-field");
        secret.setRevealButtonVisible(false);
        add(roles, version, id, lines, secret);
        showLines();
        end(next("Check the token", () -> wizard.enterToken(id.getValue(), new Secret(secret.getValue()))));
    }

    private void showLines() {
        lines.removeAll();
        try {
            lines.add(new Commands(wizard.pveumLines(id.getValue(), version.getValue(), roles.getValue())));
        } catch (IllegalArgumentException e) {
            lines.add(new Notice(Verdict.Level.ATTENTION, Problems.sentence(e), ""));
        }
    }
}
