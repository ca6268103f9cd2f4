package dev.rackhouse.proxmox;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** Whom an endpoint's certificate must come from. There is no "accept all". */
public sealed interface TlsTrust {

    /**
     * Exactly these leaf certificates, whatever name they carry. A cluster has one per node; any of them is accepted at any URL of
     * the endpoint.
     */
    record Pinned(SequencedSet<Fingerprint> accepted) implements TlsTrust {

        public Pinned {
            if (accepted.isEmpty()) {
                throw new IllegalArgumentException("at least one fingerprint must be pinned");
            }
            accepted = java.util.Collections.unmodifiableSequencedSet(new LinkedHashSet<>(accepted));
        }

        public Pinned(Fingerprint sha256) {
            this(new LinkedHashSet<>(List.of(sha256)));
        }
    }

    /** Certificates signed by this authority (one or more PEM certificates), with the right host name. */
    record Authority(String pem) implements TlsTrust {}

    /** Certificates that any browser would accept, with the right host name. */
    record PublicAuthorities() implements TlsTrust {}
}
