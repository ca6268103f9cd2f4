package dev.rackhouse.simulator.pve;

import java.net.URI;

/**
 * Where a node answers.
 *
 * @param url {@code https://127.0.0.1:PORT}
 * @param fingerprint SHA-256 of its certificate, upper case with colons
 */
public record NodeEndpoint(String node, URI url, String fingerprint) {}
