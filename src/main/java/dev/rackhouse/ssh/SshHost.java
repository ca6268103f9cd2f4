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

    /** Bytes of standard error that are kept of a command that is spoken with. */
    int LARGEST_COMPLAINT = 64 * 1024;

    /** Ports that may be connected to at a time. */
    int PORTS = 32;

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

    /**
     * Starts a command line to speak with it on its standard input and output. It takes one of the seven places of commands until it is
     * closed. On {@link DuplexStream#close()} its input ends; if it has not gone a second later, its process group is ended like that
     * of a command that is cancelled.
     *
     * @return at once when the connection stands; otherwise after at most about 40 seconds
     * @throws dev.rackhouse.base.RemoteFailure when the machine cannot be reached or trusted, or no place became free in time
     */
    DuplexStream open(String commandLine);

    /**
     * Connects to {@code 127.0.0.1:port} of that machine, by {@code direct-tcpip}: what listens there need not be open to the network.
     * At most {@value #PORTS} at a time.
     *
     * @param port 1 to 65535
     * @throws dev.rackhouse.base.RemoteFailure as above; {@code Unreachable} when nothing listens there, {@code Refused} when the
     *     machine's sshd forwards no ports
     */
    DuplexStream openPort(int port);

    /** Files of the machine, by SFTP. */
    RemoteFiles files();

    /** The key that the machine showed; connects if need be. */
    HostKey hostKey();
}
