package dev.rackhouse.passthrough.ui;

import dev.rackhouse.access.Operator;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.passthrough.AttachDraft;
import dev.rackhouse.passthrough.AttachPlan;
import dev.rackhouse.passthrough.CheckRow;
import dev.rackhouse.passthrough.DeviceChoice;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.GuestDevices;
import dev.rackhouse.passthrough.GuestPlace;
import dev.rackhouse.passthrough.GuestPlaces;
import dev.rackhouse.passthrough.PlanReadiness;
import dev.rackhouse.passthrough.Shutdown;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Start;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the page does that gives a device to a VM, without a screen. Reading the VM takes a while and is left to the view: it is told
 * which, by {@link #toRead}, and brings the {@link GuestPlace}. One thread at a time.
 */
final class AttachPresenter {

    private final GuestDevices devices;
    private final Consumer<AttachState> screen;
    private List<GuestPlaces.Choice> vms = List.of();
    private List<DeviceChoice> choices = List.of();
    private List<CheckRow> checks = List.of();
    private @Nullable GuestRef guest;
    private @Nullable GuestPlace place;
    private @Nullable AttachDraft draft;
    private @Nullable PlanReadiness<AttachPlan> readiness;
    private @Nullable String wanted;
    private @Nullable String failure;
    private boolean loading;

    AttachPresenter(GuestDevices devices, Consumer<AttachState> screen) {
        this.devices = devices;
        this.screen = screen;
    }

    /**
     * @param node whose VMs can be chosen
     * @param chosen null: the person chooses, unless there is but one
     * @param device a slot or a function; null: the person chooses
     */
    void open(NodeRef node, @Nullable GuestRef chosen, @Nullable String device) {
        vms = devices.vms(node);
        wanted = device;
        if (chosen != null) {
            chooseGuest(chosen);
        } else if (vms.size() == 1) {
            chooseGuest(vms.getFirst().guest());
        } else {
            show();
        }
    }

    /** Another VM; the view reads it and calls {@link #arrived}. */
    void chooseGuest(GuestRef chosen) {
        AttachDraft before = draft;
        wanted = before == null ? wanted : before.device();
        guest = chosen;
        place = null;
        draft = null;
        readiness = null;
        checks = List.of();
        failure = null;
        loading = true;
        show();
    }

    /** The VM was read. An answer for one that is no longer chosen is ignored. */
    void arrived(GuestRef read, Optional<GuestPlace> found) {
        if (!read.equals(guest)) {
            return;
        }
        loading = false;
        place = found.orElse(null);
        if (place == null) {
            failure = "VM " + read.vmid() + " is not there any more, or is no VM. Choose another one.";
            show();
            return;
        }
        choices = devices.devices(place);
        AttachDraft fresh = devices.draft(place);
        draft = wanted == null ? fresh : fresh.withDevice(DeviceChoice.pathFor(choices, wanted));
        assess();
    }

    void failed(GuestRef read, String sentence) {
        if (read.equals(guest)) {
            loading = false;
            failure = sentence;
            show();
        }
    }

    void chooseDevice(String path) {
        edit(d -> d.withDevice(path));
    }

    void chooseInside(AttachDraft.Inside inside) {
        edit(d -> d.withInside(inside));
    }

    void chooseShutdown(Shutdown how) {
        edit(d -> d.withShutdown(how));
    }

    void convert(boolean yes) {
        edit(d -> d.withConvert(yes));
    }

    void balloonOff(boolean yes) {
        edit(d -> d.withBalloonOff(yes));
    }

    /** A warning is accepted, or not any more. */
    void tick(Finding finding, boolean accepted) {
        edit(d -> {
            Set<String> keys = new HashSet<>(d.accepted());
            boolean changed = accepted ? keys.add(finding.key()) : keys.remove(finding.key());
            return changed ? d.withAccepted(keys) : d;
        });
    }

    private void edit(UnaryOperator<AttachDraft> change) {
        AttachDraft before = draft;
        if (before == null) {
            return;
        }
        AttachDraft after = change.apply(before);
        if (!after.equals(before)) {
            draft = after;
            assess();
        }
    }

    private void assess() {
        GuestPlace here = place;
        AttachDraft now = draft;
        if (here != null && now != null) {
            PlanReadiness<AttachPlan> verdict = devices.assess(now, here);
            readiness = verdict;
            checks = now.device().isBlank() ? List.of() : devices.checks(now, here, verdict);
        }
        show();
    }

    /** The VM that the view should read now; null: none. */
    @Nullable
    GuestRef toRead() {
        return loading ? guest : null;
    }

    /** The literal plan; empty while something stands in its way. */
    Optional<Outline> preview() {
        return readiness instanceof PlanReadiness.Ready<AttachPlan> ready
                ? Optional.of(devices.preview(ready.plan()))
                : Optional.empty();
    }

    /** @throws IllegalStateException when there is no plan */
    Start start(Operator operator, String reason) {
        if (readiness instanceof PlanReadiness.Ready<AttachPlan> ready) {
            return devices.start(ready.plan(), operator, reason);
        }
        throw new IllegalStateException("There is no plan to start");
    }

    private void show() {
        GuestPlace here = place;
        screen.accept(new AttachState(
                vms,
                guest,
                here,
                choices,
                draft,
                checks,
                readiness,
                loading,
                failure,
                here != null && devices.hasRawAddresses(here)));
    }
}
