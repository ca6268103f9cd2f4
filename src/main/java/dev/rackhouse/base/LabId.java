package dev.rackhouse.base;

import java.util.UUID;

/** One lab that an admin connected: a Proxmox endpoint with its hosts. */
public record LabId(UUID value) {

    public static LabId random() {
        return new LabId(UUID.randomUUID());
    }

    /** @throws IllegalArgumentException when the text is no UUID */
    public static LabId parse(String text) {
        return new LabId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
