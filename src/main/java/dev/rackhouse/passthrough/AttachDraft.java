package dev.rackhouse.passthrough;

import java.util.Set;
import java.util.UUID;

/**
 * What a person has chosen for giving a device to an existing VM.
 *
 * @param device a slot ({@code 0000:0e:00}, all functions) or one function ({@code 0000:05:00.0}); blank while none is chosen
 * @param inside how the guest itself is asked
 * @param convert whether raw addresses that the guest has already become resource mappings
 * @param balloonOff whether {@code balloon} is set to 0 too
 * @param shutdown what happens when the guest runs and does not shut down
 * @param identity what new mappings are marked with
 * @param accepted keys of warnings that the person has ticked
 */
public record AttachDraft(
        String device,
        Inside inside,
        boolean convert,
        boolean balloonOff,
        Shutdown shutdown,
        UUID identity,
        Set<String> accepted) {

    /** How the guest is asked what it sees. */
    public enum Inside {
        AGENT,
        SSH,
        NOT
    }

    public AttachDraft {
        accepted = Set.copyOf(accepted);
    }

    public AttachDraft withDevice(String chosen) {
        return new AttachDraft(chosen, inside, convert, balloonOff, shutdown, identity, accepted);
    }

    public AttachDraft withInside(Inside chosen) {
        return new AttachDraft(device, chosen, convert, balloonOff, shutdown, identity, accepted);
    }

    public AttachDraft withConvert(boolean wanted) {
        return new AttachDraft(device, inside, wanted, balloonOff, shutdown, identity, accepted);
    }

    public AttachDraft withBalloonOff(boolean wanted) {
        return new AttachDraft(device, inside, convert, wanted, shutdown, identity, accepted);
    }

    public AttachDraft withShutdown(Shutdown chosen) {
        return new AttachDraft(device, inside, convert, balloonOff, chosen, identity, accepted);
    }

    public AttachDraft withAccepted(Set<String> keys) {
        return new AttachDraft(device, inside, convert, balloonOff, shutdown, identity, keys);
    }
}
