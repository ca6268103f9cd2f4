package dev.rackhouse.preparation;

import dev.rackhouse.base.PciSlot;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.Severity;
import dev.rackhouse.passthrough.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Findings of a preparation, in the words that the readiness checks use. */
final class Found {

    private Found() {}

    static Finding blocker(String check, String text, String remedy, String... evidence) {
        return of(check, Severity.BLOCKER, null, text, remedy, evidence);
    }

    static Finding warning(String check, String text, String remedy, String... evidence) {
        return of(check, Severity.WARNING, null, text, remedy, evidence);
    }

    static Finding note(String check, String text, String remedy, String... evidence) {
        return of(check, Severity.INFORMATION, null, text, remedy, evidence);
    }

    static Finding of(
            String check, Severity severity, @Nullable PciSlot slot, String text, String remedy, String... evidence) {
        Target target = slot == null ? new Target.Host() : new Target.Slot(slot);
        return new Finding(check, severity, false, target, text, List.of(evidence), remedy, false, null);
    }
}
