package dev.rackhouse.preparation.ui;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.preparation.PreparationDraft;
import dev.rackhouse.preparation.PreparationPlan;
import dev.rackhouse.preparation.PreparationReadiness;
import dev.rackhouse.preparation.PreparationSite;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that the page shows at one moment.
 *
 * @param site null until the host was read; then {@code draft} and {@code readiness} are there too
 * @param loading whether the host is being read
 * @param failure why it could not be read; null: nothing failed
 */
record PreparationState(
        NodeRef node,
        Step step,
        @Nullable PreparationSite site,
        @Nullable PreparationDraft draft,
        @Nullable PreparationReadiness readiness,
        boolean loading,
        @Nullable String failure) {

    /** The pages, in order. */
    enum Step {
        WISHES("Wishes"),
        CHECKS("Checks"),
        REVIEW("Review");

        private final String title;

        Step(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /** How a step stands, for the rail. */
    enum Standing {
        OPEN,
        CURRENT,
        DONE,
        ATTENTION,
        BLOCKED
    }

    /** The plan; empty while something stands in its way, or nothing is to do. */
    Optional<PreparationPlan> plan() {
        return readiness instanceof PreparationReadiness.Ready ready ? Optional.of(ready.plan()) : Optional.empty();
    }

    Standing standing(Step each) {
        if (each == step) {
            return Standing.CURRENT;
        }
        return switch (readiness) {
            case null -> Standing.OPEN;
            case PreparationReadiness.NotNeeded _ -> each == Step.REVIEW ? Standing.OPEN : Standing.DONE;
            case PreparationReadiness.Ready _ -> each == Step.REVIEW ? Standing.OPEN : Standing.DONE;
            case PreparationReadiness.Blocked blocked ->
                switch (each) {
                    case WISHES -> Standing.DONE;
                    case CHECKS ->
                        blocked.findings().stream().anyMatch(Finding::blocks) ? Standing.BLOCKED : Standing.ATTENTION;
                    case REVIEW -> Standing.OPEN;
                };
        };
    }

    /** What the rail says beside a step. */
    String detail(Step each) {
        return switch (each) {
            case WISHES -> plan().map(PreparationPlan::title).orElse("");
            case CHECKS ->
                switch (readiness) {
                    case null -> "";
                    case PreparationReadiness.NotNeeded _ -> "nothing to do";
                    case PreparationReadiness.Ready _ -> "nothing blocks";
                    case PreparationReadiness.Blocked blocked -> {
                        long blocking = blocked.findings().stream()
                                .filter(Finding::blocks)
                                .count();
                        yield blocking > 0
                                ? blocking + (blocking == 1 ? " blocks" : " block")
                                : blocked.toConfirm().size() + " to confirm";
                    }
                };
            case REVIEW ->
                plan().map(p -> p.reboots() ? "one reboot" : "no reboot").orElse("");
        };
    }
}
