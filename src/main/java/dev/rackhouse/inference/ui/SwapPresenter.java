package dev.rackhouse.inference.ui;

import dev.rackhouse.inference.swap.SwapDraft;
import dev.rackhouse.inference.swap.SwapPlan;
import dev.rackhouse.inference.swap.SwapReadiness;
import dev.rackhouse.inference.swap.SwapSite;
import dev.rackhouse.inference.swap.Swaps.Seen;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the page of a swap does, without a screen: changes come in, a {@link SwapState} goes out. Looking takes seconds and is left to the
 * view. One thread at a time.
 */
final class SwapPresenter {

    private final BiFunction<SwapDraft, SwapSite, SwapReadiness> rules;
    private final Consumer<SwapState> screen;
    private SwapDraft draft;
    private @Nullable SwapSite site;
    private @Nullable String failure;
    private boolean looking;

    SwapPresenter(SwapDraft draft, BiFunction<SwapDraft, SwapSite, SwapReadiness> rules, Consumer<SwapState> screen) {
        this.draft = draft;
        this.rules = rules;
        this.screen = screen;
    }

    /** The view asks the place now, and brings what comes of it. */
    void asking() {
        looking = true;
        failure = null;
        show();
    }

    void seen(Seen seen) {
        looking = false;
        switch (seen) {
            case Seen.Site(SwapSite now) -> site = now;
            case Seen.Nowhere(String sentence) -> {
                site = null;
                failure = sentence;
            }
        }
        show();
    }

    /** @param seconds out of range: the draft stays as it was */
    void drain(int seconds) {
        if (seconds >= 0 && seconds <= 1800) {
            draft = draft.draining(Duration.ofSeconds(seconds));
            show();
        }
    }

    void atDeadline(SwapDraft.AtDeadline what) {
        draft = draft.then(what);
        show();
    }

    Optional<SwapPlan> plan() {
        return readiness() instanceof SwapReadiness.Ready ready && !looking
                ? Optional.of(ready.plan())
                : Optional.empty();
    }

    private @Nullable SwapReadiness readiness() {
        SwapSite known = site;
        return known == null ? null : rules.apply(draft, known);
    }

    private void show() {
        screen.accept(new SwapState(draft, looking, failure, readiness()));
    }
}
