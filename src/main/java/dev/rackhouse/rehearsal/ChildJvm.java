package dev.rackhouse.rehearsal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A process of the same JDK, and of the same class path unless the property {@code rackhouse.class.path} names another. What it prints goes to a log file and can be waited for. Ends with its parent
 * at the latest (shutdown hook); killed by its own id only.
 */
public final class ChildJvm implements AutoCloseable {

    private final String name;
    private final Process process;
    private final Path log;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(10_000);
    private final Thread end = new Thread(this::kill);

    private ChildJvm(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(end);
        Thread.ofVirtual().name(name + "-output").start(this::copyOutput);
    }

    /**
     * @param name for messages and the log file
     * @param options of the JVM
     * @param environment added to this process's own
     * @param folder where the log is written
     */
    public static ChildJvm start(
            String name,
            String mainClass,
            List<String> options,
            List<String> arguments,
            Map<String, String> environment,
            Path folder) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options);
        command.add("-cp");
        command.add(classPath());
        command.add(mainClass);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Files.createDirectories(folder);
            return new ChildJvm(name, builder.start(), folder.resolve(name + ".log"));
        } catch (IOException e) {
            throw new UncheckedIOException("could not start " + name, e);
        }
    }

    private static String classPath() {
        // a test names the packaged jar; Surefire and Failsafe hide the real class path behind a jar of their own
        return Optional.ofNullable(System.getProperty("rackhouse.class.path"))
                .or(() -> Optional.ofNullable(System.getProperty("surefire.test.class.path")))
                .orElse(System.getProperty("java.class.path"));
    }

    private void copyOutput() {
        try (BufferedReader reader =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                Writer writer = Files.newBufferedWriter(log)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                writer.write(line);
                writer.write('\n');
                writer.flush();
                lines.offer(line);
            }
        } catch (IOException e) {
            lines.offer("the output of " + name + " ended: " + e.getMessage());
        }
    }

    /**
     * Waits for a line; earlier ones are passed over.
     *
     * @throws IllegalStateException when the process ends first, or the time is up; the message holds the end of its log
     */
    public String awaitLine(Predicate<String> wanted, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        try {
            while (System.nanoTime() < deadline) {
                String line = lines.poll(200, TimeUnit.MILLISECONDS);
                if (line != null && wanted.test(line)) {
                    return line;
                }
                if (line == null && !process.isAlive()) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException(
                name + (process.isAlive() ? " did not get ready in " + atMost : " ended") + ":\n" + tail());
    }

    /** @throws IllegalStateException when it does not end by itself in time */
    void awaitEnd(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(name + " did not end in " + atMost + ":\n" + tail());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The last lines it printed. */
    public String tail() {
        try {
            List<String> all = Files.readAllLines(log);
            return String.join("\n", all.subList(Math.max(0, all.size() - 30), all.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** kill -9: nothing is told, nothing is cleaned up. Returns when the process is gone. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks it to end, and ends it when it does not within 15 seconds. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                kill();
            }
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException shuttingDown) {
            kill();
        }
    }
}
