package dev.rackhouse.renumbering.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.renumbering.SampleRenumberings;
import dev.rackhouse.runbook.Start;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.security.access.AccessDeniedException;

/** What the renumbering page does, without a screen. */
class RenumberPresenterTest {

    private static final Operator ADA = new Operator("ada", Role.OPERATOR);

    private final SampleRenumberings lab = SampleRenumberings.moved();
    private RenumberState shown;
    private final RenumberPresenter presenter = new RenumberPresenter(lab.renumberings, state -> shown = state);

    @Test
    void waitsUntilTheNodeIsRead() {
        presenter.show();

        assertThat(shown.loading()).isTrue();
        assertThat(shown.plan()).isEmpty();
        assertThatThrownBy(() -> presenter.start(ADA, "")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void startsWhatThePreviewShowsOnceEveryWarningIsTicked() {
        arrive();
        assertThat(presenter.preview()).isEmpty();

        tickEverything();

        assertThat(presenter.preview())
                .hasValueSatisfying(o -> assertThat(o.title()).isEqualTo("Renumber devices on caraxes"));
        assertThat(presenter.start(ADA, "new firmware")).isInstanceOf(Start.Started.class);
        assertThat(lab.started).containsExactly(shown.plan().orElseThrow());
    }

    @Test
    void hasNoPlanAnyMoreWhenATickIsTakenBack() {
        arrive();
        tickEverything();

        Objects.requireNonNull(shown.diagnosis()).readiness().findings().stream()
                .filter(f -> f.needsTick())
                .findFirst()
                .ifPresent(f -> presenter.tick(f, false));

        assertThat(presenter.preview()).isEmpty();
    }

    @Test
    void neverGivesOnePlaceToTwoDevices() {
        arrive();
        PciSlot there = PciSlot.parse("0000:20:00");

        presenter.choose(PciSlot.parse("0000:05:00"), there);
        presenter.choose(PciSlot.parse("0000:07:00"), there);
        assertThat(shown.choices()).isEqualTo(Map.of(PciSlot.parse("0000:07:00"), there));

        presenter.choose(PciSlot.parse("0000:07:00"), null);
        assertThat(shown.choices()).isEmpty();
    }

    @Test
    void saysWhenNothingIsKnownOrTheNodeDoesNotAnswer() {
        presenter.arrived(Optional.empty());
        assertThat(shown.failure()).contains("Probe it first");

        presenter.failed("Could not read the mappings: timed out");
        assertThat(shown.failure()).isEqualTo("Could not read the mappings: timed out");
        assertThat(shown.loading()).isFalse();
    }

    @Test
    void letsAViewerLookButNotAct() {
        Operator vera = new Operator("vera", Role.VIEWER);
        arrive();
        tickEverything();

        assertThatThrownBy(() -> presenter.start(vera, "")).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> presenter.accept(lab.node, vera)).isInstanceOf(AccessDeniedException.class);
        assertThat(lab.started).isEmpty();
    }

    @Test
    void forgetsTheMoveWhenTodaysLayoutIsAccepted() {
        arrive();

        presenter.accept(lab.node, ADA);

        arrive();
        assertThat(Objects.requireNonNull(shown.diagnosis()).change().quiet()).isTrue();
    }

    @Test
    void hasNothingToRewriteWhereNothingMoved() {
        lab.boots(SampleHosts.dump("caraxes"));

        arrive();

        assertThat(shown.plan()).isEmpty();
        assertThat(Objects.requireNonNull(shown.diagnosis()).dangers()).isEmpty();
    }

    private void arrive() {
        presenter.arrived(lab.renumberings.find(lab.node));
    }

    private void tickEverything() {
        Objects.requireNonNull(shown.diagnosis()).readiness().findings().forEach(f -> presenter.tick(f, f.needsTick()));
    }
}
