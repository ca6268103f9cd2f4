package dev.rackhouse.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.rackhouse.simulator.openid.OpenIdProvider;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Starts pretend labs and, when asked, the sample OpenID provider; prints where they are; runs until it is told to stop. */
public final class SimulatorMain {
    private final Options options;
    private final PrintStream out;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Map<String, Object> ready = new LinkedHashMap<>();

    private SimulatorMain(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Exit code 2 for a wrong command line; otherwise runs until SIGTERM. The last line of the start is {@code READY {json}}. */
    public static void main(String[] arguments) throws Exception {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.err.println(Options.USAGE);
            System.exit(2);
            return;
        }
        SimulatorMain simulator = new SimulatorMain(options, System.out);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            simulator.stop();
            stopped.countDown();
        }));
        try {
            simulator.start();
        } catch (Exception failed) {
            System.err.println("The simulator did not start: " + failed);
            failed.printStackTrace();
            System.exit(1);
        }
        if (options.withParent()) {
            Thread.ofPlatform().daemon().name("parent-watch").start(() -> exitWhenClosed(System.in));
        }
        stopped.await();
    }

    private void start() throws Exception {
        StateFolder state = new StateFolder(options.directory());
        if (options.openId()) {
            int port = options.portBase() == 0 ? freePort() : options.portBase() + 1;
            String secret = state.secret("openid-client-secret");
            OpenIdProvider provider = OpenIdProvider.start(port, secret);
            running.push(provider);
            out.println("OpenID provider   " + provider.issuer());
            out.println("  client          " + OpenIdProvider.CLIENT_ID + "   secret in "
                    + state.at("openid-client-secret"));
            out.println("  users           viewer, operator, admin (password = name)");
            ready.put(
                    "openid",
                    Map.of(
                            "issuer", provider.issuer(),
                            "clientId", OpenIdProvider.CLIENT_ID,
                            "clientSecretFile", state.at("openid-client-secret").toString()));
        }
        out.println("READY " + JsonMapper.shared().writeValueAsString(ready));
        out.flush();
    }

    private void stop() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception failed) {
                System.err.println("While stopping: " + failed);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void exitWhenClosed(InputStream in) {
        try {
            while (in.read() >= 0) {
                // nothing is said here; only the end counts
            }
        } catch (IOException closed) {
            // the same as the end
        }
        System.exit(0);
    }
}
