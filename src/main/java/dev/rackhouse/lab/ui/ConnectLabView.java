package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.NativeButton;
import com.vaadin.flow.component.html.Nav;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.lab.Lab;
import dev.rackhouse.lab.LabAdministration;
import dev.rackhouse.lab.LabDraft;
import dev.rackhouse.lab.LabDraft.ProxmoxDraft;
import dev.rackhouse.lab.LabTest;
import dev.rackhouse.lab.LabTesting;
import dev.rackhouse.lab.Labs;
import dev.rackhouse.proxmox.PveTls;
import dev.rackhouse.ssh.HostKey;
import dev.rackhouse.ssh.SshTarget;
import jakarta.annotation.security.RolesAllowed;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The wizard that connects a lab: a rail of steps, and the step one is at. */
@Route(LabRoutes.CONNECT)
@PageTitle("Connect a lab · Rackhouse")
@RolesAllowed(Role.ADMINS)
class ConnectLabView extends Page {

    private final ConnectLab wizard;
    private final Nav rail = new Nav();
    private final Div body = new Div();

    ConnectLabView(LabTesting testing, LabAdministration administration, Labs labs) {
        wizard = new ConnectLab(new Real(testing, administration, labs));
        rail.addClassName("lab-rail");
        body.addClassNames("stack", "lab-step");
        Div columns = new Div(rail, body);
        columns.addClassName("lab-wizard");
        add(
                new PageHeader("Connect a lab")
                        .subtitle("Nothing is stored before the last step, and nothing is changed on the machines."),
                columns);
        show();
    }

    private void show() {
        rail.removeAll();
        for (ConnectLab.Step step : ConnectLab.Step.values()) {
            rail.add(railEntry(step));
        }
        body.removeAll();
        body.add(
                switch (wizard.step()) {
                    case ADDRESS -> new AddressStep(wizard, this::show);
                    case CERTIFICATE -> new CertificateStep(wizard, this::show);
                    case TOKEN -> new TokenStep(wizard, this::show);
                    case HOSTS -> new HostsStep(wizard, this::show);
                    case TEST -> new TestStep(wizard, this::show, this::connected);
                });
    }

    private Component railEntry(ConnectLab.Step step) {
        ConnectLab.StepState state = wizard.state(step);
        NativeButton entry = new NativeButton(step.title(), click -> {
            wizard.back(step);
            show();
        });
        entry.addClassNames("lab-rail-step", state.name().toLowerCase(java.util.Locale.ROOT));
        entry.setEnabled(state == ConnectLab.StepState.DONE);
        if (state == ConnectLab.StepState.HERE) {
            entry.getElement().setAttribute("aria-current", "step");
        }
        return entry;
    }

    private void connected(LabId id) {
        UI.getCurrent().navigate(LabRoutes.lab(id));
    }

    private record Real(LabTesting testing, LabAdministration administration, Labs labs) implements ConnectLab.Answers {
        @Override
        public PveTls.Presented certificate(URI url) {
            return testing.certificate(url);
        }

        @Override
        public LabTesting.Server server(String label, ProxmoxDraft draft) {
            return testing.server(label, draft);
        }

        @Override
        public HostKey hostKey(String address, int port, @Nullable SshTarget through) {
            return testing.hostKey(address, port, through);
        }

        @Override
        public LabTest test(LabDraft draft) {
            return testing.test(draft);
        }

        @Override
        public LabId connect(LabDraft draft) {
            return administration.connect(draft);
        }

        @Override
        public List<String> namesTaken() {
            return labs.list().stream().map(Lab::name).toList();
        }
    }
}
