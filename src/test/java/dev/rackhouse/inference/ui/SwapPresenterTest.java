package dev.rackhouse.inference.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inference.swap.Swap;
import dev.rackhouse.inference.swap.SwapDraft;
import dev.rackhouse.inference.swap.SwapDraft.AtDeadline;
import dev.rackhouse.inference.swap.Swaps.Seen;
import dev.rackhouse.inference.swap.ThorSwaps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A person prepares a swap: looks, decides how requests end, gets a plan. */
class SwapPresenterTest {

    private final List<SwapState> shown = new ArrayList<>();
    private final SwapPresenter presenter =
            new SwapPresenter(SwapDraft.to(ThorSwaps.GUEST, "tensor-parallel-32b"), Swap::assess, shown::add);

    @Test
    void thereIsAPlanAfterTheLook() {
        presenter.asking();
        assertThat(shown.getLast().looking()).isTrue();
        assertThat(presenter.plan()).isEmpty();

        presenter.seen(new Seen.Site(new ThorSwaps().site()));

        assertThat(shown.getLast().mayStart()).isTrue();
        assertThat(presenter.plan()).isPresent();
    }

    @Test
    void thePlanFollowsWhatThePersonDecides() {
        presenter.seen(new Seen.Site(new ThorSwaps().site()));

        presenter.drain(30);
        presenter.atDeadline(AtDeadline.GO_ON);
        presenter.drain(5000);

        assertThat(presenter.plan()).hasValueSatisfying(plan -> {
            assertThat(plan.drain()).isEqualTo(Duration.ofSeconds(30));
            assertThat(plan.atDeadline()).isEqualTo(AtDeadline.GO_ON);
        });
    }

    @Test
    void whileItIsLookedAgainNothingCanBeStarted() {
        presenter.seen(new Seen.Site(new ThorSwaps().site()));

        presenter.asking();

        assertThat(presenter.plan()).isEmpty();
        assertThat(shown.getLast().mayStart()).isFalse();
    }

    @Test
    void aPlaceThatCannotBeReachedSaysWhy() {
        presenter.asking();

        presenter.seen(new Seen.Nowhere("It is not known how this place is reached."));

        assertThat(shown.getLast().failure()).startsWith("It is not known");
        assertThat(presenter.plan()).isEmpty();
    }
}
