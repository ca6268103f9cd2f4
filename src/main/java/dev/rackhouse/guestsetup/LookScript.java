package dev.rackhouse.guestsetup;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Files of this package that are sent to guests: the script that looks, and the public key of the toolkit's packages. */
final class LookScript {

    private static final String LOOK = resource("look.sh");
    private static final String KEY = resource("nvidia-container-toolkit.asc");

    private LookScript() {}

    /** Reads only; ends within two minutes whatever hangs. */
    static String text() {
        return LOOK;
    }

    /**
     * The key with which NVIDIA signs the packages of the container toolkit, fingerprint C95B 321B 61E8 8C18 09C4 F759 DDCA E044 F796
     * ECB0, as published beside them.
     */
    static String toolkitKey() {
        return KEY;
    }

    private static String resource(String name) {
        try (InputStream in = LookScript.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
