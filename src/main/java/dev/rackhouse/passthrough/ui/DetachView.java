package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.passthrough.AttachDraft.Inside;
import dev.rackhouse.passthrough.GuestDevices;
import dev.rackhouse.passthrough.GuestPlace;
import dev.rackhouse.passthrough.PlanReadiness;
import dev.rackhouse.passthrough.Shutdown;
import jakarta.annotation.security.RolesAllowed;
import org.springframework.beans.factory.annotation.Autowired;

/** Takes a device back from a VM: which one, what is lost with it, the plan. Nothing is touched before the button. */
@Route(PassthroughRoutes.DETACH)
@PageTitle("Take a device from a VM · Rackhouse")
@RolesAllowed("VIEWER")
class DetachView extends Page implements BeforeEnterObserver {

    private final GuestDevices devices;
    private final Background background;
    private final DetachPresenter presenter;
    private final Select<GuestDevices.Attached> device = new Select<>();
    private final Select<Inside> inside = new Select<>();
    private final Select<Shutdown> shutdown = new Select<>();
    private final Div notices = new Div();
    private final Div checks = new Div();
    private final PlanAndStart plan;
    private final Section planned;

    @Autowired
    DetachView(GuestDevices devices, CurrentOperator operators) {
        this(devices, operators, Background.threads());
    }

    DetachView(GuestDevices devices, CurrentOperator operators, Background background) {
        this.devices = devices;
        this.background = background;
        this.presenter = new DetachPresenter(devices, this::show);
        this.plan = new PlanAndStart(operators, presenter::start);
        this.planned = new Section("Plan", plan);
        device.setVisible(false);
        inside.setVisible(false);
        planned.setVisible(false);
        device.setLabel("Device");
        device.setPlaceholder("Choose the device that it gives back");
        device.setItemLabelGenerator(a -> "hostpci" + a.index() + " · " + a.label() + " · " + a.value());
        device.addValueChangeListener(change -> {
            if (change.isFromClient() && change.getValue() != null) {
                presenter.choose(change.getValue().index());
            }
        });
        inside.setLabel("Ask the guest what it sees afterwards");
        inside.setItems(Inside.values());
        inside.setItemLabelGenerator(InsideWords::of);
        inside.setHelperText("The host's view proves it in any case.");
        inside.addValueChangeListener(change -> {
            if (change.isFromClient() && change.getValue() != null) {
                presenter.chooseInside(change.getValue());
            }
        });
        shutdown.setLabel("When it does not shut down");
        shutdown.setItems(Shutdown.CHOICES);
        shutdown.setItemLabelGenerator(ShutdownWords::of);
        shutdown.addValueChangeListener(change -> {
            if (change.isFromClient() && change.getValue() != null) {
                presenter.chooseShutdown(change.getValue());
            }
        });
        checks.addClassName("wizard-checks");
        Div choices = new Div(device, inside, shutdown);
        choices.addClassNames("stack", "wizard-wide");
        add(
                new PageHeader("Take a device from a VM")
                        .subtitle(
                                "The VM is left as it was found: running or stopped. Nothing is touched before you start it."),
                notices,
                choices,
                checks,
                planned);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        PassthroughRoutes.guest(event.getLocation().getQueryParameters())
                .ifPresentOrElse(
                        this::open,
                        () -> notices.add(new EmptyState("No guest is named", "Open this page from a guest.")));
    }

    void open(GuestRef guest) {
        presenter.show();
        background.ask(
                () -> devices.find(guest),
                presenter::arrived,
                failure -> presenter.failed("Could not " + failure.doing() + ": " + failure.cameBack()));
    }

    private void show(DetachState state) {
        notices.removeAll();
        checks.removeAll();
        GuestPlace place = state.place();
        device.setVisible(place != null && !state.attached().isEmpty());
        planned.setVisible(place != null && !state.attached().isEmpty());
        inside.setVisible(place != null && place.running());
        shutdown.setVisible(place != null && place.running());
        if (state.loading()) {
            checks.add(new Span("Reading the VM…"));
        }
        if (state.failure() != null) {
            notices.add(new Notice(Verdict.Level.CRITICAL, "The VM could not be read", state.failure()));
        }
        device.setItems(state.attached());
        state.attached().stream()
                .filter(a -> a.index() == state.index())
                .findFirst()
                .ifPresent(device::setValue);
        inside.setValue(state.inside());
        shutdown.setValue(state.shutdown());
        if (place != null && state.attached().isEmpty()) {
            notices.add(new EmptyState("No device to take", place.label() + " has no PCI device of the host."));
        }
        state.checks()
                .forEach(row -> checks.add(new CheckLine(row, state.accepted(), presenter::tick, finding -> null)));
        PlanReadiness<?> readiness = state.readiness();
        if (readiness instanceof PlanReadiness.Blocked<?> blocked) {
            plan.missing(blocked);
        } else {
            presenter
                    .preview()
                    .ifPresentOrElse(
                            outline -> plan.plan(
                                    outline,
                                    state.plan()
                                            .map(p -> "Take it from VM " + p.vmid())
                                            .orElse("")),
                            plan::nothing);
        }
    }
}
