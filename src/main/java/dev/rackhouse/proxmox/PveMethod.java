package dev.rackhouse.proxmox;

/** The four methods that the API knows; anything else is answered with 501. */
public enum PveMethod {
    GET,
    POST,
    PUT,
    DELETE;

    /** Whether the call may change something, so that it must never be repeated blindly. */
    public boolean changes() {
        return this != GET;
    }

    /** Whether parameters travel in a form body; GET and DELETE take the query string only. */
    boolean hasBody() {
        return this == POST || this == PUT;
    }
}
