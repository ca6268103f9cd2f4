package dev.rackhouse.guest;

import dev.rackhouse.access.Operator;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.inventory.GuestView;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.Start;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** Starts runs that switch guests on and off. Decides by the last seen state; the run looks again before it sends anything. */
@Service
public class GuestPower {

    /** What came of asking. */
    public sealed interface Power {
        /** @param start the run, or who holds the guest */
        record Asked(Start start) implements Power {}

        /** @param reason a sentence */
        record Refused(String reason) implements Power {}
    }

    private final Inventory inventory;
    private final Runs runs;
    private final PowerRunbook runbook;

    GuestPower(Inventory inventory, Runs runs, PowerRunbook runbook) {
        this.inventory = inventory;
        this.runs = runs;
        this.runbook = runbook;
    }

    /** The plan for a guest as it was last seen; empty when it is not known where it stands. */
    public static Optional<PowerPlan> plan(PowerAction action, GuestView guest) {
        return Optional.ofNullable(guest.node())
                .map(node -> new PowerPlan(
                        action, guest.ref(), node, GuestKind.of(guest.kind()), guest.name(), PowerPlan.USUAL_PATIENCE));
    }

    /** Why it cannot be done now; empty: it can. */
    public static Optional<String> refusal(PowerAction action, GuestView guest) {
        return PowerRules.refusal(
                action,
                new PowerRules.Standing(
                        guest.status(),
                        guest.lock(),
                        guest.template(),
                        guest.goneAt() != null,
                        guest.node() == null ? null : guest.node().node()));
    }

    public Power ask(PowerAction action, GuestRef guest, Operator operator, String reason) {
        GuestView seen = inventory.guest(guest).orElse(null);
        if (seen == null) {
            return new Power.Refused("No such guest has been seen.");
        }
        Optional<String> refusal = refusal(action, seen);
        return refusal.<Power>map(Power.Refused::new)
                .orElseGet(() -> plan(action, seen)
                        .<Power>map(plan -> new Power.Asked(runs.start(runbook, plan, operator, reason)))
                        .orElseGet(() -> new Power.Refused("It is not known on which node it stands.")));
    }
}
