package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.PasswordField;
import com.vaadin.flow.component.textfield.TextField;
import dev.rackhouse.base.Secret;
import dev.rackhouse.lab.ProxmoxSide;
import dev.rackhouse.proxmox.ApiToken;
import java.util.List;

/** A new secret or another token for the same endpoint; tried before the old one is forgotten. */
class TokenDialog extends Dialog {

    TokenDialog(String labName, ProxmoxSide side, LabEditing editing) {
        setHeaderTitle("Rotate the token of " + labName);
        setMaxWidth("min(720px, 94vw)");
        ApiToken now = new ApiToken(side.tokenId(), new Secret(""));
        TextField id = new TextField("Token");
        id.setValue(side.tokenId());
        id.setWidthFull();
        PasswordField secret = new PasswordField("New secret");
        secret.setRevealButtonVisible(false);
        secret.setWidthFull();
        Div trouble = new Div();
        Button use = new Button("Try and use it");
        use.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        use.addClickListener(click -> {
            trouble.removeAll();
            Background.run(
                    use,
                    () -> {
                        Secret entered = new Secret(secret.getValue().strip());
                        if (entered.isBlank()) {
                            throw new IllegalArgumentException("enter the new secret");
                        }
                        editing.administration()
                                .rotateToken(
                                        editing.lab(),
                                        new ApiToken(id.getValue().strip(), entered));
                        return true;
                    },
                    done -> {
                        close();
                        editing.changed().run();
                    },
                    e -> trouble.add(Problems.notice(e)));
        });
        Paragraph how = new Paragraph(
                "Make a second token beside the old one, use it here, then remove the old one. Proxmox 9 can also renew a secret in place: then the old one stops at once.");
        how.addClassName("muted");
        String second = now.name() + "2";
        Div content = new Div(
                how,
                new Commands(List.of(
                        "pveum user token add " + now.user() + " " + second + " --privsep 1",
                        "pveum acl modify / --tokens '" + now.user() + "!" + second
                                + "' --roles RackhouseRead,RackhouseOperate,RackhouseHost",
                        "pveum acl modify /mapping --tokens '" + now.user() + "!" + second
                                + "' --roles RackhouseMapping")),
                id,
                secret,
                trouble);
        content.addClassName("stack");
        add(content);
        getFooter().add(new Button("Back", click -> close()), use);
    }
}
