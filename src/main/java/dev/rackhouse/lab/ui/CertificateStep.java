package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.radiobutton.RadioButtonGroup;
import com.vaadin.flow.component.textfield.TextArea;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.Facts;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.lab.ProxmoxSide;
import dev.rackhouse.proxmox.PveTls;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** The fingerprints that the servers showed, to be compared and confirmed. */
class CertificateStep extends WizardStep {

    CertificateStep(ConnectLab wizard, Runnable moved) {
        super(
                wizard,
                moved,
                "Compare with what the node itself says: in Proxmox under node, System, Certificates, or with: openssl x509 -noout -fingerprint -sha256 -in /etc/pve/local/pve-ssl.pem");
        wizard.certificates().forEach((url, shown) -> add(certificate(url, shown)));
        RadioButtonGroup<ProxmoxSide.Trust> trust = new RadioButtonGroup<>("Trust");
        trust.setItems(List.of(ProxmoxSide.Trust.values()));
        trust.setItemLabelGenerator(CertificateStep::label);
        trust.setValue(ProxmoxSide.Trust.PINNED);
        Checkbox compared = new Checkbox("I have compared the fingerprint");
        TextArea pem = new TextArea("Certificate of the authority (PEM)");
        pem.addClassName("lab-field");
        pem.setVisible(false);
        trust.addValueChangeListener(change -> {
            compared.setVisible(change.getValue() == ProxmoxSide.Trust.PINNED);
            pem.setVisible(change.getValue() == ProxmoxSide.Trust.AUTHORITY);
        });
        Button go = next("Trust and go on", () -> {
            switch (trust.getValue()) {
                case PINNED -> {
                    if (!compared.getValue()) {
                        throw new IllegalArgumentException("compare the fingerprint first, and say so");
                    }
                    wizard.pinCertificates();
                }
                case AUTHORITY -> wizard.trustAuthority(pem.getValue());
                case PUBLIC -> wizard.trustPublic();
            }
        });
        add(trust, compared, pem);
        end(go);
    }

    private static Div certificate(URI url, PveTls.Presented shown) {
        Facts facts = new Facts()
                .code("Address", url.getAuthority())
                .code("SHA-256", shown.fingerprint().toString())
                .fact("Issued for", shown.subject())
                .fact("Issued by", shown.issuer())
                .fact(
                        "Valid until",
                        shown.notAfter().atZone(ZoneOffset.UTC).toLocalDate().toString());
        Div card = new Div(facts);
        card.addClassName("card");
        if (shown.expiredAt(Instant.now())) {
            card.add(new Notice(
                    Verdict.Level.ATTENTION,
                    "This certificate has expired.",
                    "Pinned it still works; renew it on the node with pvecm updatecerts --force."));
        }
        return card;
    }

    private static String label(ProxmoxSide.Trust trust) {
        return switch (trust) {
            case PINNED -> "Exactly these certificates";
            case AUTHORITY -> "Certificates of an authority of mine";
            case PUBLIC -> "Certificates that browsers trust";
        };
    }
}
