package dev.rackhouse.guestsetup.ui;

import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.guestsetup.GpuGuestDraft;
import dev.rackhouse.guestsetup.GpuGuestPlan;
import dev.rackhouse.guestsetup.GpuGuestReadiness;
import dev.rackhouse.guestsetup.GuestFacts;
import dev.rackhouse.guestsetup.GuestFacts.SeenCard;
import dev.rackhouse.guestsetup.ui.SetupState.CardRow;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the dialog does, without a screen: changes come in, a {@link SetupState} goes out. Looking into the guest takes seconds and is
 * left to the view. One thread at a time.
 */
final class SetupPresenter {

    /** Decides from a draft and from what was seen. */
    @FunctionalInterface
    interface Rules {
        GpuGuestReadiness assess(GpuGuestDraft draft, GuestFacts facts);
    }

    private final Rules rules;
    private final Consumer<SetupState> screen;
    private GpuGuestDraft draft;
    private @Nullable GuestFacts facts;
    private @Nullable String failure;
    private boolean looking;

    SetupPresenter(GpuGuestDraft draft, Rules rules, Consumer<SetupState> screen) {
        this.draft = draft;
        this.rules = rules;
        this.screen = screen;
    }

    void open() {
        show();
    }

    GpuGuestDraft draft() {
        return draft;
    }

    /** Somebody else, or somewhere else: what was seen does not count any more. */
    void access(String user, String address) {
        GpuGuestDraft changed = draft.withAccess(user, address);
        if (!changed.equals(draft)) {
            draft = changed;
            facts = null;
            failure = null;
            show();
        }
    }

    void image(String image) {
        draft = draft.withImage(image);
        show();
    }

    void watts(PciAddress card, String text) {
        draft = draft.withWatts(card, text);
        show();
    }

    /** The view asks the guest now, with {@link #draft}, and brings what comes of it. */
    void asking() {
        looking = true;
        failure = null;
        show();
    }

    /** @param asked the draft with which the guest was asked: an answer to an older one is dropped */
    void seen(GpuGuestDraft asked, GuestFacts seen) {
        looking = false;
        if (asked.user().equals(draft.user()) && asked.address().equals(draft.address())) {
            facts = seen;
        }
        show();
    }

    void failed(RemoteFailure why) {
        looking = false;
        facts = null;
        failure = why.getMessage();
        show();
    }

    /** The plan to preview; empty while there is none. */
    Optional<GpuGuestPlan> plan() {
        return readiness() instanceof GpuGuestReadiness.Ready ready ? Optional.of(ready.plan()) : Optional.empty();
    }

    private @Nullable GpuGuestReadiness readiness() {
        GuestFacts seen = facts;
        return seen == null ? null : rules.assess(draft, seen);
    }

    private void show() {
        GpuGuestReadiness readiness = readiness();
        screen.accept(new SetupState(draft, looking, failure, readiness, cards(readiness)));
    }

    private List<CardRow> cards(@Nullable GpuGuestReadiness readiness) {
        GuestFacts seen = facts;
        if (seen == null) {
            return List.of();
        }
        return seen.gpus().entrySet().stream()
                .map(gpu -> row(gpu.getKey(), gpu.getValue(), seen, readiness))
                .toList();
    }

    private CardRow row(PciAddress address, String ids, GuestFacts seen, @Nullable GpuGuestReadiness readiness) {
        Optional<SeenCard> card = seen.card(address);
        String planned = readiness instanceof GpuGuestReadiness.Ready ready
                ? ready.plan().cards().stream()
                        .filter(c -> c.address().equals(address) && c.watts() != null)
                        .map(c -> String.valueOf(c.watts()))
                        .findFirst()
                        .orElse("")
                : "";
        String typed = draft.watts().get(address);
        return new CardRow(
                address,
                card.map(SeenCard::name).orElse("NVIDIA " + ids) + " at " + address,
                typed == null ? planned : typed,
                card.filter(c -> c.least() != null && c.most() != null)
                        .map(c -> "%.0f to %.0f W".formatted(c.least(), c.most()))
                        .orElse(""));
    }
}
