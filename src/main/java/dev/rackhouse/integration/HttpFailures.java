package dev.rackhouse.integration;

import dev.rackhouse.base.RemoteFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.jspecify.annotations.Nullable;

/**
 * Trouble with an answer over a stream, as a sentence.
 *
 * @param doing after "could not"
 * @param timeout the limit that was set
 */
public record HttpFailures(String doing, String machine, Duration timeout) {

    private static final String LOOK = "It may have been done all the same: look before asking again.";

    /** {@code ask for GET /health}; long paths are cut. */
    public static String asking(String method, String path) {
        return "ask for " + method + " " + (path.length() > 200 ? path.substring(0, 200) + "..." : path);
    }

    /**
     * @param late whether the deadline ended the stream
     * @param changes whether the request may have changed something
     */
    public RuntimeException of(IOException e, boolean late, boolean changes) {
        if (late) {
            return new RemoteFailure.TimedOut(
                    doing,
                    machine,
                    "no whole answer within " + timeout.toSeconds() + " s",
                    changes ? LOOK : "Look at its log, and whether the machine is overloaded.",
                    e);
        }
        if (interrupted(e)) {
            Thread.currentThread().interrupt();
            return new CancellationException("interrupted while waiting for an answer of " + machine);
        }
        if (e.getCause() instanceof HttpException || garbled(e)) {
            return new RemoteFailure.Unreadable(
                    doing, machine, "what came back is no HTTP: " + said(e), "Check what listens there.", e);
        }
        return new RemoteFailure.Unreachable(
                doing,
                machine,
                find(e, NoHttpResponseException.class)
                        ? "the connection was closed without an answer"
                        : "the answer ended in the middle: " + said(e),
                changes ? LOOK : "The program may have ended or be restarting: look at its log.",
                e);
    }

    /** A chunk that ended early is no garbage. */
    private static boolean garbled(IOException e) {
        return find(e, MalformedChunkCodingException.class) && !find(e, TruncatedChunkException.class);
    }

    private static boolean interrupted(IOException e) {
        return e instanceof InterruptedIOException && Thread.currentThread().isInterrupted();
    }

    /** What the other side or the library said, as one bounded line. */
    public static String said(Throwable e) {
        String message = e.getMessage();
        return line(message == null ? e.getClass().getSimpleName() : message);
    }

    /** Foreign text as one line of at most 300 characters. */
    public static String line(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() > 300 ? line.substring(0, 300) + "..." : line;
    }

    private static boolean find(@Nullable Throwable e, Class<? extends Throwable> kind) {
        int depth = 0;
        for (Throwable at = e; at != null && depth < 10; at = at.getCause(), depth++) {
            if (kind.isInstance(at)) {
                return true;
            }
        }
        return false;
    }
}
