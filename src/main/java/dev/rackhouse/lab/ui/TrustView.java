package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.NotFoundException;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.ConfirmAction;
import dev.rackhouse.base.ui.Facts;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.lab.Lab;
import dev.rackhouse.lab.LabAdministration;
import dev.rackhouse.lab.LabHost;
import dev.rackhouse.lab.LabTesting;
import dev.rackhouse.lab.Labs;
import dev.rackhouse.lab.ProxmoxSide;
import dev.rackhouse.proxmox.Fingerprint;
import dev.rackhouse.proxmox.PveTls;
import dev.rackhouse.ssh.HostKey;
import jakarta.annotation.security.RolesAllowed;
import java.net.URI;
import java.time.ZoneOffset;

/** What each machine shows now beside what is pinned for it; an admin accepts a change with both values in view. */
@Route(LabRoutes.TRUST)
@PageTitle("Certificates and host keys · Rackhouse")
@RolesAllowed(Role.ADMINS)
class TrustView extends Page implements BeforeEnterObserver {

    private final Labs labs;
    private final LabAdministration administration;
    private final LabTesting testing;

    TrustView(Labs labs, LabAdministration administration, LabTesting testing) {
        this.labs = labs;
        this.administration = administration;
        this.testing = testing;
        addClassName("lab-trust");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        LabId id;
        try {
            id = LabId.parse(event.getRouteParameters().get("lab").orElse(""));
        } catch (IllegalArgumentException e) {
            throw new NotFoundException("No lab has this address.");
        }
        show(labs.find(id).orElseThrow(() -> new NotFoundException("This lab is not connected any more.")));
    }

    private void show(Lab lab) {
        removeAll();
        Button back =
                new Button("Back to " + lab.name(), click -> UI.getCurrent().navigate(LabRoutes.lab(lab.id())));
        add(new PageHeader("Certificates and host keys of " + lab.name())
                .subtitle(
                        "Accept a change only when you know where it comes from: a renewed certificate, a reinstalled host.")
                .actions(back));
        ProxmoxSide side = lab.proxmox();
        if (side != null && side.trust() == ProxmoxSide.Trust.PINNED) {
            Section section = new Section("Proxmox");
            side.doors().forEach(door -> {
                Fingerprint pin = door.pin();
                if (pin != null) {
                    section.add(certificate(lab, door.url(), pin));
                }
            });
            add(section);
        }
        if (!lab.hosts().isEmpty()) {
            Section section = new Section("Hosts by SSH");
            lab.hosts().forEach(host -> section.add(hostKey(lab, host)));
            add(section);
        }
    }

    private Div certificate(Lab lab, URI url, Fingerprint pin) {
        Div card = new Div();
        card.addClassName("card");
        Button look = new Button("Look at " + url.getAuthority());
        look.addClickListener(click -> Background.run(
                look,
                () -> testing.certificate(url),
                shown -> shown(card, lab, url, pin, shown),
                e -> card.add(Problems.notice(e))));
        card.add(new Facts().code("Address", url.toString()).code("Pinned", pin.toString()), look);
        return card;
    }

    private void shown(Div card, Lab lab, URI url, Fingerprint pin, PveTls.Presented shown) {
        card.removeAll();
        Facts facts = new Facts()
                .code("Address", url.toString())
                .code("Pinned", pin.toString())
                .code("Shown now", shown.fingerprint().toString())
                .fact("Issued by", shown.issuer())
                .fact(
                        "Valid",
                        shown.notBefore().atZone(ZoneOffset.UTC).toLocalDate() + " to "
                                + shown.notAfter().atZone(ZoneOffset.UTC).toLocalDate());
        if (shown.fingerprint().equals(pin)) {
            card.add(facts, StatusBadge.of("ok", "the same"));
        } else {
            card.add(
                    facts,
                    StatusBadge.of("critical", "changed"),
                    accept(
                            lab,
                            url.getAuthority(),
                            pin.toString(),
                            shown.fingerprint().toString(),
                            () -> administration.acceptCertificate(lab.id(), url, pin, shown.fingerprint()),
                            card));
        }
    }

    private Div hostKey(Lab lab, LabHost host) {
        Div card = new Div();
        card.addClassName("card");
        Button look = new Button("Look at " + host.node());
        look.addClickListener(click -> Background.run(
                look,
                () -> testing.hostKey(lab.id(), host.node()),
                shown -> shown(card, lab, host, shown),
                e -> card.add(Problems.notice(e))));
        card.add(
                new Facts()
                        .fact("Host", host.node())
                        .code("Pinned", host.hostKey().toString()),
                look);
        return card;
    }

    private void shown(Div card, Lab lab, LabHost host, HostKey shown) {
        card.removeAll();
        Facts facts = new Facts()
                .fact("Host", host.node())
                .code("Pinned", host.hostKey().toString())
                .code("Shown now", shown.toString());
        if (shown.equals(host.hostKey())) {
            card.add(facts, StatusBadge.of("ok", "the same"));
        } else {
            card.add(
                    facts,
                    StatusBadge.of("critical", "changed"),
                    accept(
                            lab,
                            host.node(),
                            host.hostKey().toString(),
                            shown.toString(),
                            () -> administration.acceptHostKey(lab.id(), host.node(), host.hostKey(), shown),
                            card));
        }
    }

    private Button accept(Lab lab, String machine, String pinned, String shown, Runnable work, Div card) {
        Button accept = new Button(
                "Accept the change",
                click -> new ConfirmAction(
                                "Accept the change of " + machine,
                                "Pinned was " + pinned + ". From now on only " + shown
                                        + " is trusted there. If somebody stands in between, you would trust them.",
                                "Trust what " + machine + " shows now",
                                () -> {
                                    try {
                                        work.run();
                                        labs.find(lab.id()).ifPresent(this::show);
                                    } catch (RuntimeException e) {
                                        card.add(Problems.notice(e));
                                    }
                                })
                        .open());
        accept.addThemeVariants(ButtonVariant.LUMO_ERROR);
        if (lab.declared()) {
            accept.setEnabled(false);
            card.add(new Notice(Verdict.Level.OFF, "This lab stands in the labs file.", "Enter the new value there."));
        }
        return accept;
    }
}
