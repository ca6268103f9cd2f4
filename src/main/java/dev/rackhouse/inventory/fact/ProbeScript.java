package dev.rackhouse.inventory.fact;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The probe that a host runs: one POSIX shell script, sent on standard input, that reads everything in one round trip and prints
 * what {@link ProbeReport#parse} understands.
 */
public final class ProbeScript {

    /** Runs the script that comes on standard input, as root. */
    public static final String COMMAND_AS_ROOT = "timeout 30 sh -s";

    /** The same for another user who may use sudo without a password. */
    public static final String COMMAND_WITH_SUDO = "sudo -n timeout 30 sh -s";

    private static final String TEXT = read();

    private ProbeScript() {}

    /** The script's text. */
    public static String text() {
        return TEXT;
    }

    /** The script as it is written to standard input. */
    public static byte[] bytes() {
        return TEXT.getBytes(StandardCharsets.UTF_8);
    }

    private static String read() {
        try (InputStream in = ProbeScript.class.getResourceAsStream("probe.sh")) {
            return new String(Objects.requireNonNull(in, "probe.sh is missing").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
