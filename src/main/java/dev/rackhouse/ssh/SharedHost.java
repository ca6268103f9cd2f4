package dev.rackhouse.ssh;

import dev.rackhouse.base.RemoteFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.connection.channel.direct.Session;
import net.schmizz.sshj.sftp.SFTPClient;
import org.jspecify.annotations.Nullable;

/** The one connection to a machine, made when needed and again when it broke. */
final class SharedHost implements SshHost {

    /** OpenSSH allows ten sessions per connection; three are kept free for ending commands. */
    private static final int CHANNELS = 7;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SshSessions sessions;
    private final SshTarget target;
    private final ReentrantLock connecting = new ReentrantLock();
    private final Semaphore channels = new Semaphore(CHANNELS, true);
    private final Semaphore ports = new Semaphore(PORTS, true);
    private volatile @Nullable SshConnection connection;

    SharedHost(SshSessions sessions, SshTarget target) {
        this.sessions = sessions;
        this.target = target;
    }

    @Override
    public String machine() {
        return target.machine();
    }

    @Override
    public HostKey hostKey() {
        return connected().hostKey();
    }

    @Override
    public RunningCommand start(String commandLine, byte[] stdin, Duration timeout, Consumer<OutputLine> lines) {
        takeChannel("run a command", timeout);
        try {
            return ExecChannel.start(this, commandLine, stdin, timeout, lines, channels::release);
        } catch (RuntimeException | Error e) {
            channels.release();
            throw e;
        }
    }

    @Override
    public DuplexStream open(String commandLine) {
        takeChannel("run a command", PATIENCE);
        try {
            return CommandStream.open(this, commandLine, channels::release);
        } catch (RuntimeException | Error e) {
            channels.release();
            throw e;
        }
    }

    @Override
    public DuplexStream openPort(int port) {
        take(ports, PORTS, "connect to port " + port, PATIENCE);
        try {
            return direct(port);
        } catch (RuntimeException | Error e) {
            ports.release();
            throw e;
        }
    }

    /** Nothing has been sent yet, so a connection that broke unnoticed is made again once. */
    private PortStream direct(int port) {
        SshConnection standing = connected();
        try {
            return standing.direct(port, ports::release);
        } catch (OpenFailException answered) {
            throw SshErrors.port(port, machine(), answered);
        } catch (IOException e) {
            SshErrors.stopIfInterrupted(e);
            drop(standing);
            try {
                return connected().direct(port, ports::release);
            } catch (OpenFailException answered) {
                throw SshErrors.port(port, machine(), answered);
            } catch (IOException again) {
                throw SshErrors.broke("connect to port " + port, machine(), again);
            }
        }
    }

    @Override
    public RemoteFiles files() {
        return new SftpFiles(this);
    }

    /** Does something with files in a channel of its own. */
    <T> T withFiles(String doing, FileWork<T> work) {
        takeChannel(doing, Duration.ofSeconds(60));
        SFTPClient files = null;
        try {
            files = connected().client().newSFTPClient();
            return work.with(files);
        } catch (IOException e) {
            throw SshErrors.file(doing, machine(), e);
        } finally {
            channels.release();
            if (files != null) {
                SshConnection.closeLater(files);
            }
        }
    }

    @FunctionalInterface
    interface FileWork<T> {
        T with(SFTPClient files) throws IOException;
    }

    /** A session on the standing connection; a connection that broke unnoticed is made again once. */
    Session session() {
        SshConnection standing = connected();
        try {
            return standing.client().startSession();
        } catch (IOException e) {
            SshErrors.stopIfInterrupted(e);
            drop(standing);
            SSHClient fresh = connected().client();
            try {
                return fresh.startSession();
            } catch (IOException again) {
                throw SshErrors.broke("open a session", machine(), again);
            }
        }
    }

    SshConnection connected() {
        SshConnection standing = connection;
        if (standing != null && standing.stands()) {
            return standing;
        }
        connecting.lock();
        try {
            standing = connection;
            if (standing != null && standing.stands()) {
                return standing;
            }
            if (standing != null) {
                standing.close();
            }
            SshTarget jump = target.jump();
            SshConnection fresh = SshConnection.open(
                    target,
                    jump == null ? null : sessions.connection(jump),
                    key -> sessions.rememberFirst(target, key));
            connection = fresh;
            return fresh;
        } finally {
            connecting.unlock();
        }
    }

    void hangUp() {
        SshConnection standing = connection;
        connection = null;
        if (standing != null) {
            standing.close();
        }
    }

    private void drop(SshConnection broken) {
        connecting.lock();
        try {
            if (connection == broken) {
                connection = null;
            }
        } finally {
            connecting.unlock();
        }
        broken.close();
    }

    private void takeChannel(String doing, Duration patience) {
        take(channels, CHANNELS, doing, patience);
    }

    private void take(Semaphore places, int all, String doing, Duration patience) {
        try {
            if (!places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new RemoteFailure.TimedOut(
                        doing,
                        machine(),
                        "all " + all + " channels are busy",
                        "Nothing was started. Try again when the running commands have ended.",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted before anything was started");
        }
    }
}
