package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.QueryParameters;
import com.vaadin.flow.router.Route;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.passthrough.AttachDraft;
import dev.rackhouse.passthrough.DeviceChoice;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.GuestDevices;
import dev.rackhouse.passthrough.GuestPlace;
import dev.rackhouse.passthrough.GuestPlaces;
import dev.rackhouse.passthrough.PlanReadiness;
import dev.rackhouse.passthrough.Shutdown;
import jakarta.annotation.security.RolesAllowed;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/** Gives a device to a VM that exists already: which VM, which device, the checks, the plan. Nothing is touched before the button. */
@Route(PassthroughRoutes.ATTACH)
@PageTitle("Give a device to a VM · Rackhouse")
@RolesAllowed("VIEWER")
class AttachView extends Page implements BeforeEnterObserver {

    private final GuestDevices devices;
    private final FindingHelp help;
    private final Background background;
    private final AttachPresenter presenter;
    private final Select<GuestPlaces.Choice> guest = new Select<>();
    private final Select<DeviceChoice> device = new Select<>();
    private final Select<AttachDraft.Inside> inside = new Select<>();
    private final Select<Shutdown> shutdown = new Select<>();
    private final Checkbox convert = new Checkbox("Turn its raw addresses into resource mappings");
    private final Checkbox balloonOff = new Checkbox("Set balloon to 0");
    private final Div notices = new Div();
    private final Div checks = new Div();
    private final PlanAndStart plan;
    private final Div choices = new Div(guest, device, inside, shutdown, convert, balloonOff);
    private final Section checked = new Section("Checks", checks);
    private final Section planned;
    private @Nullable GuestRef reading;
    private @Nullable AttachState shown;

    @Autowired
    AttachView(GuestDevices devices, CurrentOperator operators, FindingHelp help) {
        this(devices, operators, help, Background.threads());
    }

    AttachView(GuestDevices devices, CurrentOperator operators, FindingHelp help, Background background) {
        this.devices = devices;
        this.help = help;
        this.background = background;
        this.presenter = new AttachPresenter(devices, this::show);
        this.plan = new PlanAndStart(operators, presenter::start);
        inputs();
        checks.addClassName("wizard-checks");
        planned = new Section("Plan", plan);
        choices.setVisible(false);
        checked.setVisible(false);
        planned.setVisible(false);
        choices.addClassNames("stack", "wizard-wide");
        add(
                new PageHeader("Give a device to a VM")
                        .subtitle(
                                "The VM is left as it was found: running or stopped. Nothing is touched before you start it."),
                notices,
                choices,
                checked,
                planned);
    }

    private void inputs() {
        guest.setLabel("VM");
        guest.setPlaceholder("Choose a VM of this node");
        guest.setItemLabelGenerator(c -> c.label() + (c.running() ? " · running" : " · stopped"));
        guest.addValueChangeListener(change -> {
            if (change.isFromClient() && change.getValue() != null) {
                presenter.chooseGuest(change.getValue().guest());
            }
        });
        device.setLabel("Device");
        device.setPlaceholder("Choose a device of this node");
        device.setItemLabelGenerator(d -> d.label() + " · " + d.path() + (d.blocker() == null ? "" : " · blocked"));
        device.addValueChangeListener(change -> {
            if (change.isFromClient() && change.getValue() != null) {
                presenter.chooseDevice(change.getValue().path());
            }
        });
        inside.setLabel("Ask the guest what it sees");
        inside.setItems(AttachDraft.Inside.values());
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
        convert.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                presenter.convert(change.getValue());
            }
        });
        balloonOff.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                presenter.balloonOff(change.getValue());
            }
        });
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        QueryParameters query = event.getLocation().getQueryParameters();
        PassthroughRoutes.node(query)
                .ifPresentOrElse(
                        node -> open(
                                node,
                                PassthroughRoutes.guest(query).orElse(null),
                                query.getSingleParameter(PassthroughRoutes.DEVICE)
                                        .orElse(null)),
                        () -> notices.add(
                                new EmptyState("No node is named", "Open this page from a device, or from a guest.")));
    }

    void open(NodeRef node, @Nullable GuestRef chosen, @Nullable String path) {
        presenter.open(node, chosen, path);
    }

    private void show(AttachState state) {
        shown = state;
        notices.removeAll();
        checks.removeAll();
        guest.setItems(state.vms());
        state.vms().stream()
                .filter(c -> c.guest().equals(state.guest()))
                .findFirst()
                .ifPresent(guest::setValue);
        AttachDraft draft = state.draft();
        GuestPlace place = state.place();
        boolean read = draft != null && place != null;
        choices.setVisible(!state.vms().isEmpty());
        checked.setVisible(state.loading() || !state.checks().isEmpty());
        planned.setVisible(read);
        device.setVisible(read);
        inside.setVisible(read);
        shutdown.setVisible(place != null && place.running());
        convert.setVisible(read && state.raw());
        String balloon = place == null ? "0" : place.config().getOrDefault("balloon", "0");
        balloonOff.setVisible(read && !balloon.equals("0"));
        if (state.vms().isEmpty()) {
            notices.add(new EmptyState("There is no VM on this node", "Create a passthrough VM instead."));
        }
        if (state.failure() != null) {
            notices.add(new Notice(Verdict.Level.CRITICAL, "The VM could not be read", state.failure()));
        }
        if (state.loading()) {
            checks.add(new Span("Reading the VM…"));
        }
        if (draft != null) {
            fill(state, draft);
        }
        state.checks()
                .forEach(row -> checks.add(new CheckLine(
                        row, draft == null ? java.util.Set.of() : draft.accepted(), presenter::tick, this::help)));
        plan(state);
        readWhatIsWanted();
    }

    private void fill(AttachState state, AttachDraft draft) {
        device.setItems(state.devices());
        state.devices().stream()
                .filter(d -> d.path().equals(draft.device()))
                .findFirst()
                .ifPresent(device::setValue);
        inside.setValue(draft.inside());
        shutdown.setValue(draft.shutdown());
        convert.setValue(draft.convert());
        balloonOff.setValue(draft.balloonOff());
    }

    private void plan(AttachState state) {
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
                                            .map(p -> "Give it to VM " + p.vmid())
                                            .orElse("")),
                            plan::nothing);
        }
    }

    private void readWhatIsWanted() {
        GuestRef wanted = presenter.toRead();
        if (wanted != null && !wanted.equals(reading)) {
            reading = wanted;
            background.ask(
                    () -> devices.find(wanted),
                    found -> {
                        reading = null;
                        presenter.arrived(wanted, found);
                    },
                    failure -> {
                        reading = null;
                        presenter.failed(wanted, "Could not " + failure.doing() + ": " + failure.cameBack());
                    });
        }
    }

    private com.vaadin.flow.component.@Nullable Component help(Finding finding) {
        GuestPlace place = shown == null ? null : shown.place();
        return place == null ? null : help.create(place.site().node(), finding).orElse(null);
    }
}
