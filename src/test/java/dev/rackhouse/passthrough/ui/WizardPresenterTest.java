package dev.rackhouse.passthrough.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.passthrough.CheckRow;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.PassthroughDraft.Field;
import dev.rackhouse.passthrough.PassthroughPlan;
import dev.rackhouse.passthrough.Readiness;
import dev.rackhouse.passthrough.SamplePassthrough;
import dev.rackhouse.passthrough.ui.WizardState.Standing;
import dev.rackhouse.runbook.Start;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.security.access.AccessDeniedException;

/** What the wizard does when a person uses it, without a screen. */
class WizardPresenterTest {

    private final SamplePassthrough lab = SamplePassthrough.caraxesAndMeraxes();
    private WizardState shown;
    private final WizardPresenter presenter = new WizardPresenter(lab.passthrough, state -> shown = state);

    @Test
    void offersTheNodesAndReadsTheChosenOne() {
        presenter.open(null, null);
        assertThat(shown.nodes()).hasSize(2);
        assertThat(shown.site()).isNull();

        presenter.chooseNode(SamplePassthrough.node("caraxes"));
        assertThat(presenter.toRead()).isEqualTo(SamplePassthrough.node("caraxes"));
        arrive("caraxes");

        assertThat(shown.draft().devices()).containsExactly("0000:0e:00");
        assertThat(shown.devices().getFirst().path()).isEqualTo("0000:0e:00");
        assertThat(presenter.typed()).isFalse();
    }

    @Test
    void opensForADeviceOfAnotherPageAndTakesItsWholeSlot() {
        open("caraxes", "0000:0e:00.0");

        assertThat(shown.draft().devices()).containsExactly("0000:0e:00");
    }

    @Test
    void goesToTheReviewWithNextAloneOnceTheWarningsAreTicked() {
        open("caraxes", null);
        while (shown.step() != WizardStep.REVIEW) {
            if (shown.step() == WizardStep.CHECKS) {
                tickEverything();
            }
            presenter.next();
        }

        assertThat(shown.plan()).isPresent();
        assertThat(shown.rail())
                .filteredOn(e -> e.step() != WizardStep.REVIEW)
                .allMatch(e -> e.standing() == Standing.DONE);
        assertThat(presenter.preview().orElseThrow().title()).isEqualTo("Create rtx-2080-super-103 on caraxes");
    }

    @Test
    void showsPassedChecksBesideFoundOnes() {
        open("caraxes", null);

        assertThat(shown.checks())
                .extracting(CheckRow::outcome)
                .contains(CheckRow.Outcome.WARN, CheckRow.Outcome.PASS)
                .doesNotContain(CheckRow.Outcome.BLOCK)
                .isSorted();
        assertThat(shown.checks()).anyMatch(r -> r.text().equals("It stands alone in IOMMU group 31, 32, 33, 34."));
    }

    @Test
    void marksTheStepWhoseInputIsWrong() {
        open("caraxes", null);
        presenter.go(WizardStep.NETWORK);
        presenter.edit(edit -> edit.vlan("4095"));
        presenter.go(WizardStep.REVIEW);

        assertThat(shown.problem(Field.VLAN)).isPresent();
        assertThat(standing(WizardStep.NETWORK)).isEqualTo(Standing.BLOCKED);
        assertThat(presenter.preview()).isEmpty();
    }

    @Test
    void saysThatARunningGuestHoldsTheCard() {
        open("meraxes", "0000:0d:00");

        assertThat(standing(WizardStep.CHECKS)).isEqualTo(Standing.BLOCKED);
        assertThat(shown.checks().getFirst().finding())
                .satisfies(f -> assertThat(Objects.requireNonNull(f).blocks()).isTrue());
        assertThat(shown.readiness().findings()).extracting(Finding::stops).anyMatch(Objects::nonNull);
    }

    @Test
    void keepsWhatWasTypedWhenTheHostIsReadAgain() {
        open("caraxes", null);
        presenter.edit(edit -> edit.name("llm-01"));
        presenter.refreshed(lab.find(SamplePassthrough.node("caraxes")).orElseThrow());

        assertThat(shown.draft().name()).isEqualTo("llm-01");
        assertThat(presenter.typed()).isTrue();
    }

    @Test
    void dropsTheTicksOfAnotherNode() {
        open("caraxes", null);
        tickEverything();
        presenter.chooseNode(SamplePassthrough.node("meraxes"));
        arrive("meraxes");

        assertThat(shown.draft().accepted()).isEmpty();
    }

    @Test
    void ignoresAnAnswerThatComesTooLate() {
        presenter.open(SamplePassthrough.node("caraxes"), null);
        presenter.chooseNode(SamplePassthrough.node("meraxes"));
        arrive("caraxes");

        assertThat(shown.site()).isNull();
        assertThat(shown.loading()).isEqualTo(SamplePassthrough.node("meraxes"));
    }

    @Test
    void startsWhatTheReviewShows() {
        open("caraxes", null);
        tickEverything();

        Start started = presenter.start(new Operator("olga", Role.OPERATOR), "for the demo");

        assertThat(started).isInstanceOf(Start.Started.class);
        assertThat(lab.startedPlans).singleElement().isEqualTo(shown.plan().orElseThrow());
        assertThat(((PassthroughPlan) lab.startedPlans.getFirst()).accepted()).isNotEmpty();
        assertThat(presenter.typed()).isFalse();
    }

    @Test
    void startsNothingForAViewer() {
        open("caraxes", null);
        tickEverything();

        assertThatThrownBy(() -> presenter.start(new Operator("vera", Role.VIEWER), ""))
                .isInstanceOf(AccessDeniedException.class);
        assertThat(lab.startedPlans).isEmpty();
    }

    private void open(String node, String device) {
        presenter.open(SamplePassthrough.node(node), device);
        arrive(node);
    }

    private void arrive(String node) {
        presenter.arrived(SamplePassthrough.node(node), lab.find(SamplePassthrough.node(node)));
    }

    private void tickEverything() {
        if (shown.readiness() instanceof Readiness.Blocked blocked) {
            List.copyOf(blocked.toConfirm()).forEach(f -> presenter.tick(f, true));
        }
    }

    private Standing standing(WizardStep step) {
        return shown.rail().get(step.ordinal()).standing();
    }
}
