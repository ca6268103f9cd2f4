package dev.rackhouse.rehearsal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/** A console as a process of its own, with ordinary settings that point at the pretend labs. May be killed and started again. */
public final class ConsoleProcess implements AutoCloseable {

    /** The file in the project's root that every start of a console goes by. */
    private static final List<String> OPTIONS = List.of("@java.options", "-Dvaadin.productionMode=true");

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final String name;
    private final int port;
    private final Path folder;
    private final Map<String, String> environment;
    private ChildJvm process;
    private int starts;
    private Duration lastStart = Duration.ZERO;

    private ConsoleProcess(String name, int port, Path folder, Map<String, String> environment) {
        this.name = name;
        this.port = port;
        this.folder = folder;
        this.environment = environment;
        this.process = launch();
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param labs which must have been started with {@code --openid}
     * @param folder for its data and logs
     * @param more settings as environment variables
     */
    public static ConsoleProcess start(String name, PretendLabs labs, Path folder, Map<String, String> more) {
        int port = freePort();
        Map<String, String> environment = settings(labs, folder, port);
        environment.putAll(more);
        return new ConsoleProcess(name, port, folder, environment);
    }

    private static Map<String, String> settings(PretendLabs labs, Path folder, int port) {
        JsonNode openId = labs.ready().path("openid");
        Map<String, String> environment = new HashMap<>();
        environment.put("SERVER_PORT", Integer.toString(port));
        environment.put("SERVER_ADDRESS", "127.0.0.1");
        environment.put("RACKHOUSE_DATA_DIRECTORY", folder.resolve("data").toString());
        if (Files.exists(labs.labsFile())) {
            environment.put("RACKHOUSE_LABS_FILE", labs.labsFile().toString());
        }
        JsonNode image = labs.ready().path("image");
        if (image.isObject()) {
            environment.put("RACKHOUSE_PASSTHROUGH_IMAGE_URL", image.path("url").asString());
            environment.put(
                    "RACKHOUSE_PASSTHROUGH_IMAGE_CHECKSUM", image.path("sha256").asString());
        }
        environment.put("RACKHOUSE_SIGN_IN_ISSUER", openId.path("issuer").asString());
        environment.put("RACKHOUSE_SIGN_IN_CLIENT_ID", openId.path("clientId").asString());
        try {
            environment.put(
                    "RACKHOUSE_SIGN_IN_CLIENT_SECRET",
                    Files.readString(Path.of(openId.path("clientSecretFile").asString()))
                            .strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return environment;
    }

    private ChildJvm launch() {
        starts++;
        long began = System.nanoTime();
        ChildJvm jvm = ChildJvm.start(
                name + "-" + starts,
                "dev.rackhouse.Rackhouse",
                OPTIONS,
                List.of(),
                environment,
                folder.resolve("logs"));
        awaitReady(jvm);
        lastStart = Duration.ofNanos(System.nanoTime() - began);
        return jvm;
    }

    private void awaitReady(ChildJvm jvm) {
        URI ready = URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answers(ready)) {
            if (!jvm.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        name + (jvm.isAlive() ? " did not get ready in " + PATIENCE : " ended") + ":\n" + jvm.tail());
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private static boolean answers(URI address) {
        try {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(5000);
            return connection.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** From the start of its process until it answered, the last time. */
    public Duration lastStart() {
        return lastStart;
    }

    /** Starts one that only loads what it needs, and writes an AOT cache of that; blocks until the file is there. */
    static void train(PretendLabs labs, Path folder, Path cache) {
        Map<String, String> settings = settings(labs, folder, freePort());
        List<String> options = new java.util.ArrayList<>(OPTIONS);
        // Spring reads it from the JVM only, never from the environment
        options.add("-Dspring.context.exit=onRefresh");
        options.add("-XX:AOTCacheOutput=" + cache);
        try (ChildJvm jvm = ChildJvm.start(
                "training", "dev.rackhouse.Rackhouse", options, List.of(), settings, folder.resolve("logs"))) {
            jvm.awaitEnd(Duration.ofMinutes(5));
        }
    }

    /** Where a person goes. On {@code localhost}, since the provider is on 127.0.0.1 and cookies ignore ports. */
    public URI address() {
        return URI.create("http://localhost:" + port + "/");
    }

    public long pid() {
        return process.pid();
    }

    /** kill -9. */
    public void kill() {
        process.kill();
    }

    /** Starts it again after {@link #kill()}, with the same data and port; returns when it answers. */
    public void startAgain() {
        process = launch();
    }

    @Override
    public void close() {
        process.close();
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
