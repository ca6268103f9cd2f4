package dev.rackhouse.ssh;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A host's public key, by its fingerprint as {@code ssh-keygen -l} prints it.
 *
 * @param fingerprint {@code SHA256:} and 43 characters of base64 without padding
 */
public record HostKey(String fingerprint) {

    public HostKey {
        if (!fingerprint.matches("SHA256:[A-Za-z0-9+/]{43}")) {
            throw new IllegalArgumentException(
                    "'" + fingerprint + "' is no host key fingerprint: it reads SHA256: and 43 characters");
        }
    }

    /**
     * Reads a fingerprint, or a line of {@code ssh_host_ed25519_key.pub}.
     *
     * @throws IllegalArgumentException when it is neither
     */
    public static HostKey parse(String text) {
        String[] words = text.strip().split("\\s+");
        if (words.length >= 2 && words[0].matches("(ssh|ecdsa)-[a-z0-9@.-]+")) {
            try {
                return of(Base64.getDecoder().decode(words[1]));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("this line is no public key", e);
            }
        }
        return new HostKey(text.strip().replaceFirst("=+$", ""));
    }

    /** The fingerprint of a key in its wire form. */
    static HostKey of(byte[] wire) {
        try {
            return new HostKey("SHA256:"
                    + Base64.getEncoder()
                            .withoutPadding()
                            .encodeToString(MessageDigest.getInstance("SHA-256").digest(wire)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return fingerprint;
    }
}
