package dev.rackhouse.ssh;

import dev.rackhouse.base.RemoteFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import net.schmizz.sshj.connection.channel.direct.Session;
import net.schmizz.sshj.connection.channel.direct.Signal;
import org.jspecify.annotations.Nullable;

/** One command on one channel. To cancel it, its process group is ended over a second one; see {@link RemoteProcess}. */
final class ExecChannel implements RunningCommand {

    /** How long we wait for a cancelled command to go before its channel is given up. */
    private static final Duration FAREWELL = Duration.ofSeconds(12);

    private final SharedHost host;
    private final Session session;
    private final Session.Command command;
    private final Instant startedAt = Instant.now();
    private final RemoteProcess process;
    private final Windows windows;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean ending = new AtomicBoolean();
    private final OutputReader out;
    private final OutputReader err;
    private final Duration timeout;
    private volatile boolean cancelled;
    private volatile boolean timedOut;

    private ExecChannel(
            SharedHost host,
            Session session,
            Session.Command command,
            Windows windows,
            RemoteProcess process,
            Duration timeout,
            Consumer<OutputLine> lines) {
        this.host = host;
        this.session = session;
        this.command = command;
        this.process = process;
        this.windows = windows;
        this.timeout = timeout;
        this.out = new OutputReader(
                "ssh-out",
                command.getInputStream(),
                windows,
                SshHost.LARGEST_OUTPUT,
                null,
                text -> lines.accept(new OutputLine(OutputLine.Stream.OUT, text)));
        this.err = new OutputReader(
                "ssh-err",
                command.getErrorStream(),
                windows,
                SshHost.LARGEST_ERRORS,
                process::told,
                text -> lines.accept(new OutputLine(OutputLine.Stream.ERR, text)));
    }

    /** @param released called once, when the channel is free again */
    static ExecChannel start(
            SharedHost host,
            String commandLine,
            byte[] stdin,
            Duration timeout,
            Consumer<OutputLine> lines,
            Runnable released) {
        RemoteProcess process = new RemoteProcess();
        Session session = host.session();
        ExecChannel channel;
        try {
            Windows windows = new Windows(session);
            channel = new ExecChannel(
                    host, session, session.exec(process.telling(commandLine)), windows, process, timeout, lines);
        } catch (IOException e) {
            SshConnection.closeLater(session);
            throw SshErrors.broke("run a command", host.machine(), e);
        }
        Thread.ofVirtual().name("ssh-in").start(() -> channel.feed(stdin));
        Thread.ofVirtual().name("ssh-watch").start(() -> channel.watch(released));
        return channel;
    }

    private void feed(byte[] stdin) {
        try (OutputStream in = command.getOutputStream()) {
            in.write(stdin);
            in.flush();
        } catch (IOException notRead) {
            // the command ended without reading everything, which is its right
        }
    }

    private void watch(Runnable released) {
        try {
            Thread deadline = Thread.ofVirtual().name("ssh-deadline").start(this::atDeadline);
            out.join();
            err.join();
            command.join(10, TimeUnit.SECONDS);
            deadline.interrupt();
        } catch (IOException | InterruptedException noGoodbye) {
            // the exit code decides below whether the command ended
        } finally {
            ended.countDown();
            released.run();
            SshConnection.closeLater(session);
        }
    }

    private void atDeadline() {
        try {
            if (!ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                timedOut = true;
                end();
            }
        } catch (InterruptedException endedBefore) {
            // the command was faster
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        Thread.ofVirtual().name("ssh-cancel").start(this::end);
    }

    /** Ends the process group over a second channel; if even that does not help, gives the channel up. */
    private void end() {
        if (!ending.compareAndSet(false, true)) {
            return;
        }
        try {
            process.end(host);
            if (ended.await(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException | ExecutionException | TimeoutException | IOException | RemoteFailure e) {
            // the channel is given up below: what else could be done needs the same connection
        }
        windows.over();
        out.leave();
        err.leave();
        ended.countDown();
        SshConnection.closeLater(session);
    }

    @Override
    public CommandResult join() {
        try {
            ended.await();
        } catch (InterruptedException e) {
            cancel();
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted; the remote work is being ended");
        }
        if (cancelled) {
            throw new CancellationException("the command was cancelled; its remote work was ended");
        }
        if (timedOut) {
            throw new RemoteFailure.TimedOut(
                    "run a command",
                    host.machine(),
                    "it did not end within " + spoken(timeout) + tail(),
                    "Its processes were ended there. What it had done until then stays done: look before running it again.",
                    null);
        }
        Integer code = exitCode();
        IOException broke = out.broke() == null ? err.broke() : out.broke();
        if (code == null || broke != null) {
            throw SshErrors.broke(
                    "run a command", host.machine(), broke == null ? new IOException("no exit code came") : broke);
        }
        return new CommandResult(
                code,
                out.bytes(),
                err.bytes(),
                out.truncated() || err.truncated(),
                Duration.between(startedAt, Instant.now()));
    }

    private @Nullable Integer exitCode() {
        Integer status = command.getExitStatus();
        if (status != null) {
            return status;
        }
        Signal signal = command.getExitSignal();
        return signal == null
                ? null
                : Integer.valueOf(
                        switch (signal) {
                            case HUP -> 129;
                            case INT -> 130;
                            case QUIT -> 131;
                            case ILL -> 132;
                            case ABRT -> 134;
                            case FPE -> 136;
                            case KILL -> 137;
                            case SEGV -> 139;
                            case PIPE -> 141;
                            case ALRM -> 142;
                            case TERM -> 143;
                            default -> 255;
                        });
    }

    private String tail() {
        String said = new String(err.bytes(), java.nio.charset.StandardCharsets.UTF_8).strip();
        return said.isEmpty() ? "" : "; it last said: " + said.substring(Math.max(0, said.length() - 200));
    }

    private static String spoken(Duration time) {
        return time.toMillis() < 10_000 ? time.toMillis() / 1000.0 + " s" : time.toSeconds() + " s";
    }
}
