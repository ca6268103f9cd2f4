package dev.rackhouse.proxmox;

import java.security.cert.CertificateException;

/** The trust manager's way of saying, through the TLS layers, which certificate came instead of the pinned one. */
final class PinMismatch extends CertificateException {

    private static final long serialVersionUID = 1L;
    private final String pinned;
    private final transient Fingerprint presented;

    PinMismatch(String pinned, Fingerprint presented) {
        super("the server presents " + presented + ", pinned is " + pinned);
        this.pinned = pinned;
        this.presented = presented;
    }

    String pinned() {
        return pinned;
    }

    Fingerprint presented() {
        return presented;
    }
}
