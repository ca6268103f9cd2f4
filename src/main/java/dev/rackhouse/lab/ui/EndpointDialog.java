package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.PasswordField;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import dev.rackhouse.base.Secret;
import dev.rackhouse.base.ui.Facts;
import dev.rackhouse.lab.Lab;
import dev.rackhouse.lab.LabDraft.ProxmoxDraft;
import dev.rackhouse.lab.ProxmoxSide;
import dev.rackhouse.proxmox.PveEndpoint;
import dev.rackhouse.proxmox.PveTls;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Other addresses or another token for a lab: looks at the certificates, shows them, pins them with the change. */
class EndpointDialog extends Dialog {

    private final Lab lab;
    private final LabEditing editing;
    private final TextArea addresses = new TextArea("Addresses, one per line");
    private final TextField token = new TextField("Token");
    private final PasswordField secret = new PasswordField("Secret");
    private final Div answer = new Div();

    EndpointDialog(Lab lab, LabEditing editing) {
        this.lab = lab;
        this.editing = editing;
        setHeaderTitle("Proxmox endpoint of " + lab.name());
        setMaxWidth("min(720px, 94vw)");
        ProxmoxSide now = lab.proxmox();
        addresses.setWidthFull();
        token.setWidthFull();
        secret.setWidthFull();
        secret.setRevealButtonVisible(false);
        token.setValue(now == null ? "rackhouse@pve!console" : now.tokenId());
        if (now != null) {
            addresses.setValue(String.join(
                    "\n", now.doors().stream().map(d -> d.url().toString()).toList()));
            secret.setHelperText("Leave it empty to keep the one that is stored");
        }
        Button look = new Button("Look there");
        look.addClickListener(click -> {
            answer.removeAll();
            String entered = addresses.getValue();
            Background.run(look, () -> look(entered), this::shown, e -> answer.add(Problems.notice(e)));
        });
        Paragraph about = new Paragraph("The certificates shown there are pinned with the change.");
        about.addClassName("muted");
        Div content = new Div(about, addresses, token, secret, look, answer);
        content.addClassName("stack");
        add(content);
        getFooter().add(new Button("Back", click -> close()));
    }

    private Map<URI, PveTls.Presented> look(String entered) {
        List<URI> urls = Arrays.stream(entered.split("[\\s,]+"))
                .filter(a -> !a.isBlank())
                .map(PveEndpoint::url)
                .distinct()
                .toList();
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("enter at least one address");
        }
        Map<URI, PveTls.Presented> seen = new LinkedHashMap<>();
        urls.forEach(url -> seen.put(url, editing.testing().certificate(url)));
        return seen;
    }

    private void shown(Map<URI, PveTls.Presented> seen) {
        Facts facts = new Facts();
        seen.forEach((url, shown) ->
                facts.code(url.getAuthority(), shown.fingerprint().toString()));
        Div trouble = new Div();
        Button use = new Button("Pin and use");
        use.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        use.addClickListener(click -> {
            trouble.removeAll();
            String tokenId = token.getValue().strip();
            Secret entered = new Secret(secret.getValue().strip());
            Background.run(
                    use,
                    () -> {
                        use(seen, tokenId, entered);
                        return true;
                    },
                    done -> {
                        close();
                        editing.changed().run();
                    },
                    e -> trouble.add(Problems.notice(e)));
        });
        answer.removeAll();
        answer.add(facts, use, trouble);
    }

    private void use(Map<URI, PveTls.Presented> seen, String tokenId, Secret entered) {
        ProxmoxSide side = new ProxmoxSide(
                seen.entrySet().stream()
                        .map(e -> new ProxmoxSide.Door(e.getKey(), e.getValue().fingerprint()))
                        .toList(),
                tokenId,
                ProxmoxSide.Trust.PINNED,
                null);
        if (entered.isBlank() && lab.proxmox() != null) {
            editing.administration().changeDoors(lab.id(), side);
        } else {
            ProxmoxDraft draft = new ProxmoxDraft(side, entered);
            editing.testing().server(lab.name(), draft);
            editing.administration().setProxmox(lab.id(), draft);
        }
    }
}
