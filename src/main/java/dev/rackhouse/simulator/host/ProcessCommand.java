package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

/**
 * One command over SSH: a real process on the box, its three streams pumped on virtual threads. When the channel goes
 * away the process is not killed, as with OpenSSH without a terminal: it only finds its streams closed.
 */
final class ProcessCommand implements Command {
    private final Box box;
    private final String line;
    private final SshFaults faults;
    private final Map<String, String> environment;
    private @Nullable InputStream in;
    private @Nullable OutputStream out;
    private @Nullable OutputStream err;
    private @Nullable ExitCallback exit;
    private @Nullable Process process;

    ProcessCommand(Box box, String line, Map<String, String> environment, SshFaults faults) {
        this.box = box;
        this.line = line;
        this.environment = environment;
        this.faults = faults;
    }

    @Override
    public void setInputStream(InputStream in) {
        this.in = in;
    }

    @Override
    public void setOutputStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public void setErrorStream(OutputStream err) {
        this.err = err;
    }

    @Override
    public void setExitCallback(ExitCallback exit) {
        this.exit = exit;
    }

    @Override
    public void start(ChannelSession channel, Environment env) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(environment);
        env.getEnv().forEach((name, value) -> {
            if (name.startsWith("LC_") || name.equals("LANG")) {
                all.put(name, value);
            }
        });
        Thread.ofVirtual().name("ssh " + box.name()).start(() -> run(channel, all));
    }

    private void run(ChannelSession channel, Map<String, String> all) {
        ExitCallback done = java.util.Objects.requireNonNull(exit);
        try {
            faults.beforeCommand(channel.getSession());
            Process started = box.start(line, all);
            process = started;
            Thread input = Thread.ofVirtual().start(() -> pump(in, started.getOutputStream()));
            Thread output = Thread.ofVirtual().start(() -> pump(started.getInputStream(), out));
            Thread errors = Thread.ofVirtual().start(() -> pump(started.getErrorStream(), err));
            faults.duringCommand(channel.getSession());
            int code = started.waitFor();
            output.join();
            errors.join();
            input.interrupt();
            box.ended();
            done.onExit(code);
        } catch (IOException refused) {
            complain(refused);
            done.onExit(255, String.valueOf(refused.getMessage()));
        } catch (InterruptedException stopped) {
            done.onExit(255, "stopped");
        }
    }

    private void complain(IOException refused) {
        try {
            if (err != null) {
                err.write((refused.getMessage() + "\n").getBytes(StandardCharsets.UTF_8));
                err.flush();
            }
        } catch (IOException gone) {
            // nobody is there to be told
        }
    }

    private static void pump(@Nullable InputStream from, @Nullable OutputStream to) {
        if (from == null || to == null) {
            return;
        }
        byte[] buffer = new byte[16 * 1024];
        try (from;
                to) {
            for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
                to.write(buffer, 0, length);
                to.flush();
            }
        } catch (IOException gone) {
            // the other side has closed; closing this one tells the process
        }
    }

    @Override
    public void destroy(ChannelSession channel) {
        Process started = process;
        if (started != null) {
            try {
                started.getOutputStream().close();
            } catch (IOException alreadyClosed) {
                // as wanted
            }
        }
    }
}
