package dev.rackhouse.ssh;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * One machine reached by SSH. The connection is made at the first use, shared by all callers, kept alive, and made again after it
 * broke. Blocks the caller; safe for many threads; at most seven commands at a time, more wait for their turn.
 */
public interface SshHost {

    /** Bytes of standard output that are kept. */
    int LARGEST_OUTPUT = 16 * 1024 * 1024;
    /** Bytes of standard error that are kept. */
    int LARGEST_ERRORS = 1024 * 1024;

    /** As messages name it. */
    String machine();

    /**
     * Runs a command line in the user's shell and waits for its end.
     *
     * @param stdin what it may read; empty for nothing
     * @param timeout after this time the remote work is ended
     * @throws dev.rackhouse.base.RemoteFailure when the machine cannot be reached or trusted, the connection broke, or the time ran
     *     out; never for an exit code
     * @throws java.util.concurrent.CancellationException when the calling thread is interrupted; the remote work was ended
     */
    default CommandResult run(String commandLine, byte[] stdin, Duration timeout) {
        return start(commandLine, stdin, timeout, line -> {}).join();
    }

    /**
     * Starts a command line and returns at once.
     *
     * @param lines gets each line as it comes, on threads of the connection, one at a time per stream; must not block
     */
    RunningCommand start(String commandLine, byte[] stdin, Duration timeout, Consumer<OutputLine> lines);

    /** Files of the machine, by SFTP. */
    RemoteFiles files();

    /** The key that the machine showed; connects if need be. */
    HostKey hostKey();
}
