package dev.rackhouse.preparation.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.preparation.PreparationReadiness;
import dev.rackhouse.preparation.PreparationSite;
import dev.rackhouse.preparation.SamplePreparations;
import dev.rackhouse.preparation.ui.PreparationRoutes.Wish;
import dev.rackhouse.preparation.ui.PreparationState.Standing;
import dev.rackhouse.preparation.ui.PreparationState.Step;
import dev.rackhouse.runbook.Start;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.security.access.AccessDeniedException;

/** What the page does when a person prepares a host, without a screen. */
class PreparationPresenterTest {

    private static final PciSlot GPU = PciSlot.parse("0000:01:00");

    private final SamplePreparations samples = new SamplePreparations("generic/before");
    private PreparationState shown;
    private final PreparationPresenter presenter =
            new PreparationPresenter(samples.preparation, state -> shown = state);

    @Test
    void suggestsWhatTheFindingsAskFor() {
        open("generic/before", null, null);

        assertThat(shown.draft().iommu()).isTrue();
        assertThat(shown.draft().strayLine()).isTrue();
        assertThat(shown.draft().virqfdLine()).isTrue();
        assertThat(shown.draft().early()).containsExactly(GPU);
        assertThat(presenter.changed()).isFalse();
    }

    @Test
    void aFindingsButtonAddsItsWish() {
        open("generic/after", Wish.PAGES, GPU);

        assertThat(shown.draft().pages()).isNotNull();
        assertThat(shown.draft().early()).containsExactly(GPU);
    }

    @Test
    void aHostThatNeedsNothingSaysSo() {
        open("caraxes", null, null);

        assertThat(shown.readiness()).isInstanceOf(PreparationReadiness.NotNeeded.class);
        assertThat(shown.standing(Step.CHECKS)).isEqualTo(Standing.DONE);
        assertThat(presenter.preview()).isEmpty();
    }

    @Test
    void thePlanIsThereOnceEverythingIsTicked() {
        open("generic/before", null, null);
        presenter.move(1);
        assertThat(shown.standing(Step.REVIEW)).isEqualTo(Standing.OPEN);
        assertThat(presenter.preview()).isEmpty();

        tickEverything();
        presenter.move(1);

        assertThat(shown.step()).isEqualTo(Step.REVIEW);
        assertThat(presenter.preview().orElseThrow().title()).startsWith("Prepare pve: IOMMU on");
        assertThat(shown.detail(Step.REVIEW)).isEqualTo("one reboot");
    }

    @Test
    void readingAgainKeepsWhatWasChosen() {
        open("generic/before", null, null);
        presenter.edit(d -> d.withIdentity(true));

        presenter.reading();
        presenter.arrived(SamplePreparations.site("generic/before"));

        assertThat(shown.draft().identity()).isTrue();
        assertThat(presenter.changed()).isTrue();
    }

    @Test
    void aHostThatDoesNotAnswerIsSaidSo() {
        PreparationSite site = SamplePreparations.site("generic/before");
        presenter.open(site.node(), null, null);
        presenter.failed("Could not read the boot files: no answer");

        assertThat(shown.failure()).contains("no answer");
        assertThat(shown.loading()).isFalse();
    }

    @Test
    void startsThePlanThatWasShownForWhoeverMay() {
        open("generic/before", null, null);
        tickEverything();

        assertThatThrownBy(() -> presenter.start(new Operator("vic", Role.VIEWER), ""))
                .isInstanceOf(AccessDeniedException.class);
        assertThat(presenter.start(new Operator("ada", Role.OPERATOR), "for the model"))
                .isInstanceOf(Start.Started.class);
        assertThat(samples.startedPlans).containsExactly(shown.plan().orElseThrow());
        assertThat(presenter.changed()).isFalse();
    }

    private void open(String host, Wish wish, PciSlot early) {
        PreparationSite site = SamplePreparations.site(host);
        presenter.open(site.node(), wish, early);
        presenter.arrived(site);
    }

    private void tickEverything() {
        List<Finding> open =
                shown.readiness() instanceof PreparationReadiness.Blocked blocked ? blocked.toConfirm() : List.of();
        open.forEach(f -> presenter.tick(f, true));
    }
}
