package dev.rackhouse.rehearsal;

import dev.rackhouse.passthrough.Fuzz;
import dev.rackhouse.passthrough.FuzzedAttachment;
import dev.rackhouse.passthrough.FuzzedCreation;
import dev.rackhouse.passthrough.FuzzedRunbook;
import dev.rackhouse.preparation.FuzzedGiveBack;
import dev.rackhouse.preparation.FuzzedPreparation;
import dev.rackhouse.renumbering.FuzzedRenumbering;
import java.util.List;

/**
 * {@code fuzz [--hosts N] [--seed S]}: holds every runbook that gives devices away, takes them, or writes about them against made hosts.
 * Ends with 1 when something was violated.
 */
public final class FuzzCommand {

    /** A new one is added here. */
    static final List<FuzzedRunbook> RUNBOOKS = List.of(
            new FuzzedCreation(),
            new FuzzedAttachment(),
            new FuzzedPreparation(),
            new FuzzedGiveBack(),
            new FuzzedRenumbering());

    private FuzzCommand() {}

    public static void main(String[] arguments) {
        System.exit(Fuzz.run(List.of(arguments), RUNBOOKS, System.out, System.err));
    }
}
