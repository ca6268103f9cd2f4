package dev.rackhouse.preparation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A text file of a host as it was read for the preview.
 *
 * @param owner user and group by number: {@code 0:0}
 * @param mode octal, {@code 0644}
 */
public record HostFile(String path, String content, String owner, String mode) {

    public HostFile {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("'" + path + "' is no absolute path");
        }
    }

    /** Of the bytes, as {@code sha256sum} prints it. */
    public String sha256() {
        return sha256(content);
    }

    static String sha256(String content) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJvmHasIt) {
            throw new IllegalStateException(everyJvmHasIt);
        }
    }
}
