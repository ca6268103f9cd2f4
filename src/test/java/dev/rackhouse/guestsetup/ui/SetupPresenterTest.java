package dev.rackhouse.guestsetup.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.guestsetup.GpuGuestDraft;
import dev.rackhouse.guestsetup.GuestSetupSamples;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Somebody opens the dialog of a guest, looks into it, chooses a power limit, and gets a plan. */
class SetupPresenterTest {

    private static final PciAddress CARD = PciAddress.parse("0000:01:00.0");

    private final GpuGuestDraft draft = GuestSetupSamples.draft();
    private @Nullable SetupState shown;
    private final SetupPresenter presenter =
            new SetupPresenter(draft, GuestSetupSamples::assess, state -> shown = state);

    private SetupState state() {
        return java.util.Objects.requireNonNull(shown);
    }

    @Test
    void thereIsNoPlanBeforeTheGuestWasLookedAt() {
        presenter.open();

        assertThat(state().mayPreview()).isFalse();
        assertThat(presenter.plan()).isEmpty();
    }

    @Test
    void whatWasSeenBecomesAPlanWithTheLimitsThatTheMakerShips() {
        presenter.asking();
        assertThat(state().looking()).isTrue();

        presenter.seen(draft, GuestSetupSamples.facts("ai-inference"));

        assertThat(state().mayPreview()).isTrue();
        assertThat(state().cards()).first().satisfies(card -> {
            assertThat(card.label()).isEqualTo("NVIDIA GeForce RTX 3090 at 0000:01:00.0");
            assertThat(card.watts()).isEqualTo("350");
            assertThat(card.hint()).isEqualTo("100 to 400 W");
        });
    }

    @Test
    void aLimitThatTheCardDoesNotTakeBlocks_andWhatWasTypedStays() {
        presenter.seen(draft, GuestSetupSamples.facts("ai-inference"));

        presenter.watts(CARD, "500");

        assertThat(state().mayPreview()).isFalse();
        assertThat(state().cards().getFirst().watts()).isEqualTo("500");
    }

    @Test
    void anotherUserMustBeLookedAtAnew() {
        presenter.seen(draft, GuestSetupSamples.facts("ai-inference"));

        presenter.access("root", draft.address());
        presenter.seen(draft, GuestSetupSamples.facts("ai-inference"));

        assertThat(state().mayPreview()).isFalse();
    }

    @Test
    void aGuestThatDoesNotAnswerIsSaidInItsWords() {
        presenter.asking();

        presenter.failed(
                new RemoteFailure.Unreachable("connect", "10.0.110.20", "connection refused", "Is it started?", null));

        assertThat(state().looking()).isFalse();
        assertThat(state().failure()).contains("connection refused", "Is it started?");
    }
}
