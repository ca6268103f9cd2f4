package dev.rackhouse.passthrough.ui;

import dev.rackhouse.access.Operator;
import dev.rackhouse.passthrough.AttachDraft.Inside;
import dev.rackhouse.passthrough.DetachPlan;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.GuestDevices;
import dev.rackhouse.passthrough.GuestDevices.Attached;
import dev.rackhouse.passthrough.GuestPlace;
import dev.rackhouse.passthrough.PlanReadiness;
import dev.rackhouse.passthrough.Shutdown;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Start;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the page does that takes a device from a VM, without a screen. One thread at a time. */
final class DetachPresenter {

    private final GuestDevices devices;
    private final Consumer<DetachState> screen;
    private final Set<String> accepted = new HashSet<>();
    private @Nullable GuestPlace place;
    private @Nullable PlanReadiness<DetachPlan> readiness;
    private @Nullable String failure;
    private List<Attached> attached = List.of();
    private Inside inside = Inside.NOT;
    private Shutdown shutdown = Shutdown.PATIENT;
    private int index = -1;
    private boolean loading = true;

    DetachPresenter(GuestDevices devices, Consumer<DetachState> screen) {
        this.devices = devices;
        this.screen = screen;
    }

    void arrived(Optional<GuestPlace> found) {
        loading = false;
        place = found.orElse(null);
        if (place == null) {
            failure = "This guest is not there any more, or is no VM.";
            show();
            return;
        }
        attached = devices.attached(place);
        index = attached.size() == 1 ? attached.getFirst().index() : -1;
        inside = devices.surest(place);
        assess();
    }

    void failed(String sentence) {
        loading = false;
        failure = sentence;
        show();
    }

    void choose(int which) {
        if (which != index) {
            index = which;
            accepted.clear();
            assess();
        }
    }

    void chooseInside(Inside how) {
        if (how != inside) {
            inside = how;
            assess();
        }
    }

    void chooseShutdown(Shutdown how) {
        if (!how.equals(shutdown)) {
            shutdown = how;
            assess();
        }
    }

    void tick(Finding finding, boolean yes) {
        if (yes ? accepted.add(finding.key()) : accepted.remove(finding.key())) {
            assess();
        }
    }

    private void assess() {
        GuestPlace here = place;
        if (here != null) {
            readiness = devices.assess(here, index, inside, shutdown, accepted);
        }
        show();
    }

    /** The literal plan; empty while something stands in its way. */
    Optional<Outline> preview() {
        return readiness instanceof PlanReadiness.Ready<DetachPlan> ready
                ? Optional.of(devices.preview(ready.plan()))
                : Optional.empty();
    }

    /** @throws IllegalStateException when there is no plan */
    Start start(Operator operator, String reason) {
        if (readiness instanceof PlanReadiness.Ready<DetachPlan> ready) {
            return devices.start(ready.plan(), operator, reason);
        }
        throw new IllegalStateException("There is no plan to start");
    }

    void show() {
        PlanReadiness<DetachPlan> now = readiness;
        screen.accept(new DetachState(
                place,
                attached,
                index,
                inside,
                shutdown,
                accepted,
                now == null ? List.of() : devices.checks(now),
                now,
                loading,
                failure));
    }
}
