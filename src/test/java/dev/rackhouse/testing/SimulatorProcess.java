package dev.rackhouse.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The simulator in a process of its own, as the demo runs it. Stops with the test's JVM at the latest. */
public final class SimulatorProcess implements AutoCloseable {
    private final Process process;
    private final JsonNode ready;

    private SimulatorProcess(Process process, JsonNode ready) {
        this.process = process;
        this.ready = ready;
    }

    /** Starts it with these arguments and waits for its READY line. Ports are free ones unless {@code --port-base} is given. */
    public static SimulatorProcess start(Path directory, String... arguments) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                java,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                classPath,
                "dev.rackhouse.simulator.SimulatorMain",
                "--dir",
                directory.toString(),
                "--with-parent"));
        command.addAll(List.of(arguments));
        if (!command.contains("--port-base")) {
            command.addAll(List.of("--port-base", "0"));
        }
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader lines = process.inputReader();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("READY ")) {
                    JsonNode ready = JsonMapper.shared().readTree(line.substring(6));
                    Thread.ofVirtual().start(() -> lines.lines().forEach(more -> {}));
                    return new SimulatorProcess(process, ready);
                }
            }
            throw new IllegalStateException("The simulator ended with " + process.waitFor() + " before it was ready");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    /** What the READY line said. */
    public JsonNode ready() {
        return ready;
    }

    /** Kills it without a warning, as a power cut would. */
    public void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
