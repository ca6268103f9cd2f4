package dev.rackhouse.ssh;

import dev.rackhouse.base.RemoteFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPException;
import net.schmizz.sshj.userauth.UserAuthException;
import org.jspecify.annotations.Nullable;

/** The one place where trouble with SSH becomes a sentence. */
final class SshErrors {

    private SshErrors() {}

    /** While connecting and signing in. */
    static RemoteFailure connecting(String doing, SshTarget target, IOException e, HostKeyCheck check) {
        HostKey presented = check.refused();
        if (presented != null) {
            return new RemoteFailure.Untrusted(doing, target.machine(), check.pinned(), presented.toString());
        }
        if (find(e, UserAuthException.class) != null) {
            return new RemoteFailure.Refused(
                    doing,
                    target.machine(),
                    "the key is not accepted for user " + target.user(),
                    "Add the lab's public key to the authorized_keys of that user.",
                    255,
                    false);
        }
        OpenFailException jump = find(e, OpenFailException.class);
        if (jump != null) {
            SshTarget via = target.jump();
            return new RemoteFailure.Unreachable(
                    doing,
                    target.machine(),
                    (via == null ? "the machine between" : via.label()) + " could not connect to it: " + said(jump),
                    "Check that it is on, and its address as seen from there.",
                    e);
        }
        if (find(e, UnknownHostException.class) != null) {
            return unreachable(doing, target, "the name is not known", e);
        }
        if (find(e, SocketTimeoutException.class) != null || find(e, TimeoutException.class) != null) {
            return unreachable(doing, target, "no answer within the limit", e);
        }
        if (find(e, NoRouteToHostException.class) != null) {
            return unreachable(doing, target, "there is no route to it", e);
        }
        if (find(e, ConnectException.class) != null) {
            return unreachable(doing, target, "the connection was refused", e);
        }
        SSHException ssh = find(e, SSHException.class);
        if (ssh != null && ssh.getDisconnectReason() == DisconnectReason.KEY_EXCHANGE_FAILED) {
            return new RemoteFailure.Unreadable(
                    doing,
                    target.machine(),
                    "no way of encrypting that both sides know: " + said(e),
                    "Check the server's KexAlgorithms, Ciphers and HostKeyAlgorithms.",
                    e);
        }
        return unreachable(doing, target, "the connection broke: " + said(e), e);
    }

    /** After the connection stood. */
    static RemoteFailure broke(String doing, String machine, IOException e) {
        return new RemoteFailure.Unreachable(
                doing,
                machine,
                "the connection broke: " + said(e),
                "What was running there may have gone on: look before doing it again.",
                e);
    }

    /** When the machine's sshd did not connect to one of its own ports. */
    static RemoteFailure port(int port, String machine, OpenFailException e) {
        String doing = "connect to port " + port;
        return switch (e.getReason()) {
            case ADMINISTRATIVELY_PROHIBITED, UNKNOWN_CHANNEL_TYPE ->
                new RemoteFailure.Refused(
                        doing,
                        machine,
                        "its sshd forwards no ports: " + said(e),
                        "Allow it in its sshd_config: AllowTcpForwarding local; then reload sshd.",
                        e.getReason().getCode(),
                        false);
            case CONNECT_FAILED, RESOURCE_SHORTAGE, UNKNOWN ->
                new RemoteFailure.Unreachable(
                        doing,
                        machine,
                        "nothing answers at 127.0.0.1:" + port + " there"
                                + (e.getReason() == OpenFailException.Reason.RESOURCE_SHORTAGE ? ": " + said(e) : ""),
                        "The program may still be starting, or has ended: look at its log.",
                        e);
        };
    }

    /** Whoever waits may be told to stop; the connection is as good as before. */
    static void stopIfInterrupted(IOException e) {
        if (find(e, InterruptedException.class) != null) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted before anything was sent");
        }
    }

    static RemoteFailure file(String doing, String machine, IOException e) {
        SFTPException sftp = find(e, SFTPException.class);
        if (sftp == null || sftp.getStatusCode() == Response.StatusCode.UNKNOWN) {
            return broke(doing, machine, e);
        }
        String advice = switch (sftp.getStatusCode()) {
            case PERMISSION_DENIED, WRITE_PROTECT -> "Sign in as root, or check the rights of the file and its folder.";
            case NO_SUCH_FILE, NO_SUCH_PATH -> "Check that the folder exists.";
            case NO_SPACE_ON_FILESYSTEM, QUOTA_EXCEEDED -> "Make room on the machine.";
            default -> "Check free space, and whether the file system can be written.";
        };
        return new RemoteFailure.Refused(
                doing,
                machine,
                said(sftp) + " ("
                        + sftp.getStatusCode()
                                .name()
                                .toLowerCase(java.util.Locale.ROOT)
                                .replace('_', ' ') + ")",
                advice,
                sftp.getStatusCode().getCode(),
                false);
    }

    static boolean missing(IOException e) {
        SFTPException sftp = find(e, SFTPException.class);
        return sftp != null
                && (sftp.getStatusCode() == Response.StatusCode.NO_SUCH_FILE
                        || sftp.getStatusCode() == Response.StatusCode.NO_SUCH_PATH);
    }

    private static RemoteFailure unreachable(String doing, SshTarget target, String said, IOException e) {
        return new RemoteFailure.Unreachable(
                doing,
                target.machine(),
                said,
                "Check that the machine is on, its address and port, and that sshd runs there.",
                e);
    }

    private static String said(Throwable e) {
        String message = e.getMessage();
        String line = (message == null ? e.getClass().getSimpleName() : message)
                .replaceAll("[\\p{Cntrl}\\s]+", " ")
                .strip();
        return line.length() > 500 ? line.substring(0, 500) + "..." : line;
    }

    private static <T extends Throwable> @Nullable T find(Throwable e, Class<T> kind) {
        int depth = 0;
        for (Throwable at = e; at != null && depth < 20; at = at.getCause(), depth++) {
            if (kind.isInstance(at)) {
                return kind.cast(at);
            }
        }
        return null;
    }
}
