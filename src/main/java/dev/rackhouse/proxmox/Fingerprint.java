package dev.rackhouse.proxmox;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The SHA-256 of a certificate, printed as Proxmox does: {@code AB:CD:...}, 32 bytes. Compared without colons and case.
 *
 * @param hex 64 lower-case hex digits
 */
public record Fingerprint(String hex) {

    public Fingerprint {
        if (!hex.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "this is no SHA-256 fingerprint: 32 bytes in hex are expected, with or without colons");
        }
    }

    /**
     * Reads {@code AB:CD:...} or the digits alone, in any case.
     *
     * @throws IllegalArgumentException when it is not 32 bytes of hex
     */
    public static Fingerprint parse(String text) {
        return new Fingerprint(text.strip()
                .replaceFirst("(?i)^sha-?256[:=]?", "")
                .replace(":", "")
                .toLowerCase(Locale.ROOT));
    }

    public static Fingerprint of(X509Certificate certificate) {
        try {
            return new Fingerprint(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalArgumentException("this certificate cannot be read", e);
        }
    }

    @Override
    public String toString() {
        return hex.toUpperCase(Locale.ROOT).replaceAll("(..)(?!$)", "$1:");
    }
}
