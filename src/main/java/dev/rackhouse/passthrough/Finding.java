package dev.rackhouse.passthrough;

import dev.rackhouse.base.VmId;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one check found.
 *
 * @param check its stable id: {@code protect.boot}
 * @param unknown the evidence could not be read; counts as a warning, never as passed, and blocks where it is about what the host
 *     needs to live
 * @param text what is the case and what it means, for a person
 * @param evidence raw lines that show it
 * @param remedy what to do about it
 * @param needsReboot whether the remedy takes effect only after a reboot of the host
 * @param stops the guest whose stop would resolve it; null when no stop does
 */
public record Finding(
        String check,
        Severity severity,
        boolean unknown,
        Target target,
        String text,
        List<String> evidence,
        String remedy,
        boolean needsReboot,
        @Nullable VmId stops) {

    public Finding {
        evidence = List.copyOf(evidence);
    }

    static Finding blocker(String check, Target target, String text, String remedy, String... evidence) {
        return of(check, Severity.BLOCKER, target, text, remedy, List.of(evidence));
    }

    static Finding warning(String check, Target target, String text, String remedy, String... evidence) {
        return of(check, Severity.WARNING, target, text, remedy, List.of(evidence));
    }

    static Finding information(String check, Target target, String text, String remedy, String... evidence) {
        return of(check, Severity.INFORMATION, target, text, remedy, List.of(evidence));
    }

    static Finding of(
            String check, Severity severity, Target target, String text, String remedy, Collection<String> evidence) {
        return new Finding(check, severity, false, target, text, List.copyOf(evidence), remedy, false, null);
    }

    /** The evidence for this check could not be read. */
    static Finding unknown(String check, Target target, String text, String remedy, String... evidence) {
        return new Finding(check, Severity.WARNING, true, target, text, List.of(evidence), remedy, false, null);
    }

    /** The same where a person's tick must not be enough: what the host needs to live. */
    static Finding unknownBlocker(String check, Target target, String text, String remedy, String... evidence) {
        return new Finding(check, Severity.BLOCKER, true, target, text, List.of(evidence), remedy, false, null);
    }

    Finding afterReboot() {
        return new Finding(check, severity, unknown, target, text, evidence, remedy, true, stops);
    }

    Finding resolvedByStopping(VmId guest) {
        return new Finding(check, severity, unknown, target, text, evidence, remedy, needsReboot, guest);
    }

    public boolean blocks() {
        return severity == Severity.BLOCKER;
    }

    /** Whether a person's tick lets the plan pass. */
    public boolean needsTick() {
        return severity == Severity.WARNING;
    }

    /** {@code B}, {@code W}, {@code I}, or {@code unknown}. */
    public String severityWord() {
        return unknown ? "unknown" : severity.letter();
    }

    /** One finding of a plan, the same over reloads: check and target. */
    public String key() {
        return check + " " + target;
    }
}
