package dev.rackhouse.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.ssh.TestSshServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs on the loopback of a machine, asked through SSH. */
class LocalHttpTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private PretendDocker machine;
    private HttpServer engine;
    private final AtomicReference<String> heard = new AtomicReference<>("");

    @BeforeEach
    void start() throws IOException {
        machine = new PretendDocker(folder);
        engine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        engine.createContext("/", this::answer);
        engine.start();
    }

    @AfterEach
    void stop() {
        engine.stop(0);
        machine.close();
    }

    @Test
    void asksAModelAndReadsItsAnswer() {
        HttpReply reply = local().call("POST", "/v1/chat/completions", "sk-1", "{\"model\":\"qwen\"}", LIMIT);

        assertThat(reply).isEqualTo(new HttpReply(200, "{\"ok\":true}", false));
        assertThat(heard.get())
                .isEqualTo("POST /v1/chat/completions Bearer sk-1 application/json {\"model\":\"qwen\"}");
    }

    @Test
    void sendsNoAuthorizationWithoutAKey() {
        local().call("GET", "/health?deep=1", "", null, LIMIT);
        assertThat(heard.get()).isEqualTo("GET /health?deep=1 null null ");
    }

    @Test
    void takesAStatusThatRefusesForAnAnswer() {
        assertThat(local().call("GET", "/loading", "", null, LIMIT).status()).isEqualTo(503);
    }

    @Test
    void saysWhenNothingListens() {
        LocalHttp nobody = new LocalHttp(machine.host(), TestSshServer.freePort());
        assertThatThrownBy(() -> nobody.call("GET", "/health", "", null, LIMIT))
                .isInstanceOf(RemoteFailure.Unreachable.class)
                .hasMessageContaining("nothing answers at 127.0.0.1:" + nobody.port() + " there")
                .hasMessageContaining("thor (SSH");
    }

    @Test
    void givesUpOnAProgramThatSaysNothing() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            LocalHttp local = new LocalHttp(machine.host(), silent.getLocalPort());
            assertThatThrownBy(() -> local.call("GET", "/health", "sk-secret", null, Duration.ofSeconds(1)))
                    .isInstanceOf(RemoteFailure.TimedOut.class)
                    .hasMessageContaining("no whole answer within 1 s")
                    .hasMessageNotContaining("sk-secret");
        }
    }

    @Test
    void saysWhenAProgramHangsUpWithoutAnAnswer() throws IOException {
        try (ServerSocket rude = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            pool.submit(() -> {
                try (Socket peer = rude.accept()) {
                    return peer.getInputStream().read();
                }
            });
            LocalHttp local = new LocalHttp(machine.host(), rude.getLocalPort());
            assertThatThrownBy(() -> local.call("GET", "/health", "", null, LIMIT))
                    .isInstanceOf(RemoteFailure.Unreachable.class)
                    .hasMessageContaining("without an answer");
        }
    }

    @Test
    void asksOftenOverOneConnection() {
        LocalHttp local = local();
        for (int i = 0; i < 100; i++) {
            assertThat(local.call("GET", "/health", "", null, LIMIT).status()).isEqualTo(200);
        }
    }

    private LocalHttp local() {
        return new LocalHttp(machine.host(), engine.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        heard.set(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + headers.getFirst("Authorization") + " " + headers.getFirst("Content-Type") + " "
                + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        byte[] body = "{\"ok\":true}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/loading") ? 503 : 200, 0);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
