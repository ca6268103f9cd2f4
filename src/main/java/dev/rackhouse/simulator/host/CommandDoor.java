package dev.rackhouse.simulator.host;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the shims of one machine knock. A shim puts its words into a folder of its own below {@code /run/.machine},
 * writes the folder's name into the pipe {@code door}, and waits at its pipe {@code done} for the exit code. Files and
 * pipes only, so that it works from inside any namespace and on any system with a shell.
 */
final class CommandDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandDoor.class);

    /**
     * A command as a shim saw it.
     *
     * @param streams null for all commands that only print
     */
    record Call(
            String program,
            String workingDirectory,
            List<String> words,
            Map<String, String> environment,
            @Nullable Streams streams) {}

    /**
     * The command's standard input and output, for one that talks with whoever started it. Both pipes must be opened, input first:
     * the shim waits for that.
     */
    record Streams(Path in, Path out) {
        InputStream input() throws IOException {
            return new FileInputStream(in.toFile());
        }

        OutputStream output() throws IOException {
            return new FileOutputStream(out.toFile());
        }
    }

    /** What the shim prints and returns. */
    record Answer(int code, String out, String err) {
        static Answer ok(String out) {
            return new Answer(0, out, "");
        }

        static Answer failed(int code, String err) {
            return new Answer(code, "", err);
        }
    }

    /** Does what a command asks for. */
    interface Commands {
        Answer run(Call call);
    }

    private final Path folder;
    private final Commands commands;
    private final RandomAccessFile door;
    private final Thread reader;
    private volatile boolean closed;

    private CommandDoor(Path folder, Commands commands, RandomAccessFile door) {
        this.folder = folder;
        this.commands = commands;
        this.door = door;
        this.reader = Thread.ofPlatform().daemon().name("door " + folder).unstarted(this::listen);
    }

    static CommandDoor open(HostTree tree, Commands commands) {
        Path folder = tree.at("/run/.machine");
        try {
            Files.createDirectories(folder);
            Path pipe = folder.resolve("door");
            Files.deleteIfExists(pipe);
            Process made = new ProcessBuilder("mkfifo", "-m", "600", pipe.toString()).start();
            if (!made.waitFor(10, TimeUnit.SECONDS) || made.exitValue() != 0) {
                throw new IOException("mkfifo " + pipe + " failed");
            }
            // opened for both directions, so that neither side ever waits for the other to come
            CommandDoor opened = new CommandDoor(folder, commands, new RandomAccessFile(pipe.toFile(), "rw"));
            opened.reader.start();
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private void listen() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(new FileInputStream(door.getFD()), StandardCharsets.UTF_8))) {
            for (String name = lines.readLine(); name != null && !closed; name = lines.readLine()) {
                Path call = folder.resolve(name).normalize();
                if (call.startsWith(folder) && Files.isDirectory(call)) {
                    Thread.ofPlatform().daemon().name("call " + name).start(() -> answer(call));
                }
            }
        } catch (IOException gone) {
            if (!closed) {
                LOG.warn("Nobody listens at {} any more: {}", folder, gone.toString());
            }
        }
    }

    private void answer(Path call) {
        try {
            String text = Files.readString(call.resolve("words"));
            List<String> words = List.of(text.split("\0", -1));
            Answer answer;
            try {
                answer = commands.run(new Call(
                        words.get(0),
                        words.get(1),
                        words.subList(2, words.size() - 1),
                        environment(call),
                        Files.exists(call.resolve("stdin"))
                                ? new Streams(call.resolve("stdin"), call.resolve("stdout"))
                                : null));
            } catch (RuntimeException broken) {
                LOG.warn("{} failed", words, broken);
                answer = Answer.failed(1, words.get(0) + ": " + broken + "\n");
            }
            Files.writeString(call.resolve("out"), answer.out());
            Files.writeString(call.resolve("err"), answer.err());
            try (FileOutputStream done =
                    new FileOutputStream(call.resolve("done").toFile())) {
                done.write((answer.code() + "\n").getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException gone) {
            LOG.debug("The caller of {} did not wait: {}", call, gone.toString());
        }
    }

    private static Map<String, String> environment(Path call) throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        Arrays.stream(Files.readString(call.resolve("env")).split("\n"))
                .filter(line -> line.matches("[A-Za-z_][A-Za-z0-9_]*=.*"))
                .forEach(line ->
                        environment.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        return environment;
    }

    @Override
    public void close() {
        closed = true;
        try {
            door.write('\n');
            door.close();
        } catch (IOException alreadyGone) {
            LOG.debug("door {}: {}", folder, alreadyGone.toString());
        }
    }
}
