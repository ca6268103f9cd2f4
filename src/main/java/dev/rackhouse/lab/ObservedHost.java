package dev.rackhouse.lab;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.ssh.DuplexStream;
import dev.rackhouse.ssh.HostKey;
import dev.rackhouse.ssh.OutputLine;
import dev.rackhouse.ssh.RemoteFiles;
import dev.rackhouse.ssh.RunningCommand;
import dev.rackhouse.ssh.SshHost;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A host that tells how connecting to it went. */
record ObservedHost(SshHost host, Consumer<@Nullable RemoteFailure> heard) implements SshHost {

    @Override
    public String machine() {
        return host.machine();
    }

    @Override
    public RunningCommand start(String commandLine, byte[] stdin, Duration timeout, Consumer<OutputLine> lines) {
        return observed(() -> host.start(commandLine, stdin, timeout, lines));
    }

    @Override
    public DuplexStream open(String commandLine) {
        return observed(() -> host.open(commandLine));
    }

    /** A port where nothing listens says nothing about the way to the machine. */
    @Override
    public DuplexStream openPort(int port) {
        observed(host::hostKey);
        return host.openPort(port);
    }

    @Override
    public RemoteFiles files() {
        return host.files();
    }

    @Override
    public HostKey hostKey() {
        return observed(host::hostKey);
    }

    private <T> T observed(Supplier<T> connecting) {
        try {
            T result = connecting.get();
            heard.accept(null);
            return result;
        } catch (RemoteFailure failure) {
            heard.accept(failure);
            throw failure;
        }
    }
}
