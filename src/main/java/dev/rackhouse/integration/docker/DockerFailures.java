package dev.rackhouse.integration.docker;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.integration.HttpFailures;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * Trouble on the way to a Docker engine, as a sentence. The words of {@code docker system dial-stdio} and of sudo decide (Docker CLI
 * 20 to 29: "permission denied while trying to connect to the Docker daemon socket", "Cannot connect to the Docker daemon", "failed to
 * open the raw stream connection: dial unix /var/run/docker.sock: connect: ...").
 *
 * @param changes whether the request may have changed something
 */
record DockerFailures(String doing, String machine, Duration timeout, boolean changes) {

    /** @param errors what the command said on standard error */
    RuntimeException beforeTheAnswer(IOException e, boolean late, String errors) {
        String said = HttpFailures.line(errors);
        if (late || said.isEmpty() || Thread.currentThread().isInterrupted()) {
            return within(e, late);
        }
        String lower = said.toLowerCase(Locale.ROOT);
        if (lower.contains("permission denied")) {
            return refused(said, "Sign in as root, or add the user to the group docker and let it sign in anew.");
        }
        if (lower.contains("sudo:") && !lower.contains("command not found")) {
            return refused(said, "Let the user run sudo without a password, as cloud images do.");
        }
        if (lower.contains("not found")) {
            return unreachable(said, "Install Docker there, or correct the place of the deployment.", e);
        }
        if (lower.contains("not a docker command") || lower.contains("unknown command")) {
            return unreachable(said, "Its Docker is older than 18.09: update it.", e);
        }
        if (lower.contains("cannot connect to the docker daemon")
                || lower.contains("connection refused")
                || lower.contains("no such file or directory")) {
            return unreachable(
                    said, "Start Docker there: systemctl start docker. If it does not start, see its journal.", e);
        }
        return unreachable(
                said,
                changes
                        ? "It may have been done all the same: look before asking again."
                        : "Run docker system dial-stdio there to see what it says.",
                e);
    }

    RuntimeException within(IOException e, boolean late) {
        return new HttpFailures(doing, machine, timeout).of(e, late, changes);
    }

    private RemoteFailure refused(String said, String advice) {
        return new RemoteFailure.Refused(doing, machine, said, advice, 1, false);
    }

    private RemoteFailure unreachable(String said, String advice, IOException e) {
        return new RemoteFailure.Unreachable(doing, machine, said, advice, e);
    }
}
