package dev.rackhouse.guest;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What may be done with the power of a guest in which state: one table for the button and for the service.
 *
 * <pre>
 *            START        SHUTDOWN     STOP
 * running    is running   yes          yes, loses what was not saved
 * paused     is paused    no answer    yes, loses what was not saved
 * stopped    yes          is stopped   is stopped
 * unknown    no           no           no
 * template   no           no           no
 * locked     no           no           no       Proxmox refuses: "VM is locked (backup)" (pve-api notes, section 9)
 * gone       no           no           no
 * </pre>
 */
public final class PowerRules {

    /**
     * What the rules look at.
     *
     * @param status {@code running}, {@code stopped}, {@code paused}, {@code unknown} or another word of Proxmox
     * @param lock {@code backup}, {@code migrate}...; null: none
     * @param node null: it is not known where it stands
     */
    public record Standing(
            String status,
            @Nullable String lock,
            boolean template,
            boolean gone,
            @Nullable String node) {}

    private PowerRules() {}

    /** Why it cannot be done now, as a sentence; empty: it can. */
    public static Optional<String> refusal(PowerAction action, Standing guest) {
        if (guest.gone()) {
            return Optional.of("It was not there any more when it was last looked for.");
        }
        if (guest.template()) {
            return Optional.of("A template has no power.");
        }
        if (guest.node() == null) {
            return Optional.of("It is not known on which node it stands.");
        }
        if (guest.lock() != null && !guest.lock().isBlank()) {
            return Optional.of("It is locked (" + guest.lock() + "): wait until that has ended.");
        }
        return switch (guest.status()) {
            case "running" -> action == PowerAction.START ? Optional.of("It is running already.") : Optional.empty();
            case "stopped" -> action == PowerAction.START ? Optional.empty() : Optional.of("It is stopped already.");
            case "paused", "suspended", "prelaunch" ->
                action == PowerAction.STOP
                        ? Optional.empty()
                        : Optional.of(
                                "It is " + guest.status() + ": it cannot answer. Resume it in Proxmox, or stop it.");
            default -> Optional.of("Its state is not known (" + guest.status() + ").");
        };
    }

    /** What is lost or interrupted when it is done; empty: nothing. */
    public static Optional<String> warning(PowerAction action) {
        return switch (action) {
            case START -> Optional.empty();
            case SHUTDOWN -> Optional.of("What runs in it is interrupted until it is started again.");
            case STOP ->
                Optional.of(
                        "The guest is not asked: like pulling the plug. What it has not written to disk is lost, and databases may need repair.");
        };
    }
}
