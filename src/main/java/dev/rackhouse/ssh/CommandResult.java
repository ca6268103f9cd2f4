package dev.rackhouse.ssh;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What a command left.
 *
 * @param exitCode 0 to 255; 128 and the signal's number when a signal ended it
 * @param stdout the first {@link SshHost#LARGEST_OUTPUT} bytes
 * @param stderr the first {@link SshHost#LARGEST_ERRORS} bytes
 * @param truncated whether there was more; the rest was read and dropped
 */
public record CommandResult(int exitCode, byte[] stdout, byte[] stderr, boolean truncated, Duration took) {

    public boolean succeeded() {
        return exitCode == 0;
    }

    public String out() {
        return new String(stdout, StandardCharsets.UTF_8);
    }

    public String err() {
        return new String(stderr, StandardCharsets.UTF_8);
    }
}
