package dev.rackhouse.passthrough.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.passthrough.AttachDraft.Inside;
import dev.rackhouse.passthrough.AttachPlan;
import dev.rackhouse.passthrough.CheckRow;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.SampleGuestDevices;
import dev.rackhouse.passthrough.SamplePassthrough;
import dev.rackhouse.runbook.Start;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.security.access.AccessDeniedException;

/** What the pages do that change a guest's devices, without a screen. */
class AttachPresenterTest {

    private final SampleGuestDevices lab = new SampleGuestDevices();
    private AttachState shown;
    private DetachState shownDetach;
    private final AttachPresenter presenter = new AttachPresenter(lab.devices, state -> shown = state);
    private final DetachPresenter detach = new DetachPresenter(lab.devices, state -> shownDetach = state);

    @Test
    void offersTheVmsOfTheNodeAndReadsTheChosenOne() {
        presenter.open(SamplePassthrough.node("caraxes"), null, "0000:10:00.3");
        assertThat(shown.vms()).hasSize(3);
        assertThat(presenter.toRead()).isNull();

        choose(101);

        assertThat(shown.draft()).satisfies(d -> assertThat(d.device()).isEqualTo("0000:10:00.3"));
        assertThat(shown.checks()).extracting(CheckRow::outcome).contains(CheckRow.Outcome.PASS);
        assertThat(shown.plan()).isEmpty();
    }

    @Test
    void takesTheWholeSlotForAFunctionOfACard() {
        presenter.open(SamplePassthrough.node("caraxes"), null, "0000:0e:00.0");
        choose(100);

        assertThat(Objects.requireNonNull(shown.draft()).device()).isEqualTo("0000:0e:00");
        assertThat(shown.draft().inside()).isEqualTo(Inside.AGENT);
    }

    @Test
    void startsWhatThePreviewShowsOnceEveryWarningIsTicked() {
        presenter.open(SamplePassthrough.node("caraxes"), lab.guest(101), "0000:10:00.3");
        arrive(101);
        tickEverything();

        assertThat(presenter.preview()).isPresent();
        Start started = presenter.start(operator(Role.OPERATOR), "dock for ollama");

        assertThat(started).isInstanceOf(Start.Started.class);
        assertThat(lab.started)
                .singleElement()
                .isInstanceOfSatisfying(
                        AttachPlan.class, p -> assertThat(p.vmid().value()).isEqualTo(101));
    }

    @Test
    void keepsTheDeviceWhenAnotherVmIsChosen() {
        presenter.open(SamplePassthrough.node("caraxes"), lab.guest(101), "0000:10:00.3");
        arrive(101);

        choose(102);

        assertThat(Objects.requireNonNull(shown.draft()).device()).isEqualTo("0000:10:00.3");
        assertThat(shown.raw()).isTrue();
    }

    @Test
    void ignoresAnAnswerForAVmThatIsNoLongerChosen() {
        presenter.open(SamplePassthrough.node("caraxes"), lab.guest(101), null);
        presenter.chooseGuest(lab.guest(102));

        arrive(101);

        assertThat(shown.place()).isNull();
        assertThat(shown.loading()).isTrue();
    }

    @Test
    void saysThatAVmIsGone() {
        presenter.open(SamplePassthrough.node("caraxes"), lab.guest(999), null);
        presenter.arrived(lab.guest(999), Optional.empty());

        assertThat(shown.failure()).contains("VM 999 is not there any more");
    }

    @Test
    void letsAViewerLookButNotStart() {
        presenter.open(SamplePassthrough.node("caraxes"), lab.guest(101), "0000:10:00.3");
        arrive(101);
        tickEverything();

        assertThatThrownBy(() -> presenter.start(operator(Role.VIEWER), "")).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void takesTheOnlyDeviceBackAfterTheDowntimeIsTicked() {
        detach.arrived(lab.devices.find(lab.guest(100)));
        assertThat(shownDetach.index()).isZero();
        assertThat(shownDetach.plan()).isEmpty();

        shownDetach.checks().stream()
                .map(CheckRow::finding)
                .filter(f -> f != null && f.needsTick())
                .forEach(f -> detach.tick(Objects.requireNonNull(f), true));

        assertThat(shownDetach.plan()).isPresent();
        assertThat(detach.start(operator(Role.OPERATOR), "")).isInstanceOf(Start.Started.class);
    }

    private void choose(int vmid) {
        presenter.chooseGuest(lab.guest(vmid));
        arrive(vmid);
    }

    private void arrive(int vmid) {
        GuestRef guest = lab.guest(vmid);
        presenter.arrived(guest, lab.devices.find(guest));
    }

    private void tickEverything() {
        List<Finding> open = shown.checks().stream()
                .map(CheckRow::finding)
                .filter(f -> f != null && f.needsTick())
                .map(Objects::requireNonNull)
                .toList();
        open.forEach(f -> presenter.tick(f, true));
    }

    private static Operator operator(Role role) {
        return new Operator("ada", role);
    }
}
