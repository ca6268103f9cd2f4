package dev.rackhouse.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The one key that everything else is derived from: 32 random bytes. Known outside by its id only; never printed.
 */
public final class MasterKey {

    private static final int BYTES = 32;

    private final byte[] bytes;

    private MasterKey(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("A master key has " + BYTES + " bytes");
        }
        this.bytes = bytes.clone();
    }

    public static MasterKey random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return new MasterKey(bytes);
    }

    /**
     * Reads the text form: 32 bytes in Base64, white space around it ignored.
     *
     * @throws IllegalArgumentException when it is not that
     */
    public static MasterKey parse(String text) {
        return new MasterKey(Base64.getDecoder().decode(text.strip()));
    }

    /** The text form, for the key file and the encrypted part of a backup only. */
    public String reveal() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Sixteen hexadecimal digits that tell two keys apart and say nothing about the key. */
    public String id() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(derive("id").getEncoded());
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key for one purpose; the same purpose gives the same key. */
    SecretKey derive(String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
            return new SecretKeySpec(
                    mac.doFinal(("rackhouse/" + purpose).getBytes(StandardCharsets.UTF_8)), "HmacSHA256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "master key " + id();
    }
}
