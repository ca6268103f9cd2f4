package dev.rackhouse.ssh;

import dev.rackhouse.base.RemoteFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import net.schmizz.sshj.connection.channel.direct.Session;

/** Standard input and output of a command that runs as long as somebody speaks with it. */
final class CommandStream implements DuplexStream {

    /** What a well-behaved command needs to go after its input has ended; others are ended. */
    private static final int FAREWELL_MILLIS = 1_000;

    private static final Duration REST_OF_ERRORS = Duration.ofSeconds(1);

    private final SharedHost host;
    private final Session session;
    private final Session.Command command;
    private final RemoteProcess process;
    private final WakingInput input;
    private final OutputReader errors;
    private final Runnable released;
    private final AtomicBoolean closed = new AtomicBoolean();

    private CommandStream(
            SharedHost host,
            Session session,
            Session.Command command,
            Windows windows,
            RemoteProcess process,
            Runnable released) {
        this.host = host;
        this.session = session;
        this.command = command;
        this.process = process;
        this.released = released;
        this.input = new WakingInput(command.getInputStream(), windows);
        this.errors = new OutputReader(
                "ssh-err", command.getErrorStream(), windows, SshHost.LARGEST_COMPLAINT, process::told, line -> {});
    }

    /** @param released called once, when the channel is free again */
    static CommandStream open(SharedHost host, String commandLine, Runnable released) {
        Session session = host.session();
        try {
            Windows windows = new Windows(session);
            RemoteProcess process = new RemoteProcess();
            return new CommandStream(
                    host, session, session.exec(process.telling(commandLine)), windows, process, released);
        } catch (IOException e) {
            SshConnection.closeLater(session);
            throw SshErrors.broke("run a command", host.machine(), e);
        }
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return command.getOutputStream();
    }

    @Override
    public String errors() {
        try {
            errors.join(REST_OF_ERRORS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new String(errors.bytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            input.close();
            Thread.ofVirtual().name("ssh-stream-end").start(this::end);
        }
    }

    private void end() {
        Thread rest = Thread.ofVirtual().name("ssh-stream-rest").start(this::drain);
        try {
            command.getOutputStream().close();
            if (!rest.join(Duration.ofMillis(FAREWELL_MILLIS))) {
                process.end(host);
            }
        } catch (IOException | RemoteFailure | InterruptedException | ExecutionException | TimeoutException e) {
            // the channel is given up below: what else could be done needs the same connection
        } finally {
            SshConnection.closeLater(session);
            released.run();
        }
    }

    /** What still comes is read away, so that the command is not held up on its way out. */
    private void drain() {
        try {
            command.getInputStream().transferTo(OutputStream.nullOutputStream());
            command.join(FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IOException gone) {
            // nothing more comes
        }
    }
}
