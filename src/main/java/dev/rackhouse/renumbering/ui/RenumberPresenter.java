package dev.rackhouse.renumbering.ui;

import dev.rackhouse.access.Operator;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.PlanReadiness;
import dev.rackhouse.renumbering.Diagnosis;
import dev.rackhouse.renumbering.RenumberPlace;
import dev.rackhouse.renumbering.RenumberPlan;
import dev.rackhouse.renumbering.Renumberings;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Start;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the page does, without a screen. One thread at a time. */
final class RenumberPresenter {

    private final Renumberings renumberings;
    private final Consumer<RenumberState> screen;
    private final Map<PciSlot, PciSlot> choices = new HashMap<>();
    private final Set<String> accepted = new HashSet<>();
    private @Nullable RenumberPlace place;
    private @Nullable Diagnosis diagnosis;
    private @Nullable String failure;
    private boolean loading = true;

    RenumberPresenter(Renumberings renumberings, Consumer<RenumberState> screen) {
        this.renumberings = renumberings;
        this.screen = screen;
    }

    void arrived(Optional<RenumberPlace> found) {
        loading = false;
        place = found.orElse(null);
        failure = place == null ? "Nothing is known about this node's devices yet. Probe it first." : null;
        diagnose();
    }

    void failed(String sentence) {
        loading = false;
        failure = sentence;
        show();
    }

    /** A person says where a device is now; null takes it back. Two devices never get one place. */
    void choose(PciSlot before, @Nullable PciSlot now) {
        choices.remove(before);
        if (now != null) {
            choices.values().removeIf(now::equals);
            choices.put(before, now);
        }
        diagnose();
    }

    void tick(Finding finding, boolean yes) {
        if (yes ? accepted.add(finding.key()) : accepted.remove(finding.key())) {
            diagnose();
        }
    }

    private void diagnose() {
        RenumberPlace here = place;
        diagnosis = here == null ? null : renumberings.diagnose(here, choices, accepted);
        show();
    }

    /** The literal plan; empty while something stands in its way. */
    Optional<Outline> preview() {
        return plan().map(renumberings::preview);
    }

    private Optional<RenumberPlan> plan() {
        return diagnosis != null && diagnosis.readiness() instanceof PlanReadiness.Ready<RenumberPlan> ready
                ? Optional.of(ready.plan())
                : Optional.empty();
    }

    /** @throws IllegalStateException when there is no plan */
    Start start(Operator operator, String reason) {
        return plan().map(plan -> renumberings.start(plan, operator, reason))
                .orElseThrow(() -> new IllegalStateException("There is no plan to start"));
    }

    /** The layout of today is right, and names stay as they are. */
    void accept(NodeRef node, Operator operator) {
        renumberings.accept(node, operator);
    }

    void show() {
        screen.accept(new RenumberState(place, diagnosis, choices, accepted, loading, failure));
    }
}
