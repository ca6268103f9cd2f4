package dev.rackhouse.simulator.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.simulator.world.GuestLaunch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Thor's guest 110 as the packed lab has it, reached by SSH only. */
final class ServingGuest implements AutoCloseable {
    private final SimulatedLab lab;
    private final SimulatedGuest guest;
    private final SshClient client = SshClient.setUpDefaultClient();
    private final KeyPair key = SshKeys.fresh();
    private final Map<Integer, Integer> forwards = new HashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private ClientSession session;

    /** @param status 0: the connection was refused or broke */
    record Said(int status, String body, HttpResponse<String> whole) {
        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }
    }

    ServingGuest(Path folder, double speed) throws Exception {
        String line = SshKeys.line(key.getPublic(), "test");
        lab = new SimulatedLab(new Jails(folder.resolve("jails")), new Pace(speed), List.of());
        SimulatedMachine thor = lab.add(
                "thor",
                ProbeDump.parse(TreeFromDumpTest.resource("/labs/thor/thor/probe.txt")),
                folder.resolve("thor"),
                SshKeys.fresh(),
                line);
        guest = new SimulatedGuest(110, "thor", lab.jails(), folder.resolve("guest-110"), lab.pace(), true, line);
        guest.network(lab::reach);
        Map<String, String> config = Map.of("name", "ai-inference", "cores", "8", "ipconfig0", "ip=10.0.110.20/24");
        guest.start(
                new GuestLaunch("qemu", 110, config, 131072, 0, List.of(), Map.of()),
                thor.pciFunctions().stream()
                        .filter(f -> f.slot().equals("0000:41:00") || f.slot().equals("0000:81:00"))
                        .toList());
        client.setServerKeyVerifier((s, a, k) -> true);
        client.start();
        connect();
    }

    private void connect() throws Exception {
        eventually(() -> guest.sshPort() != 0);
        session = client.connect("ubuntu", "127.0.0.1", guest.sshPort())
                .verify(Duration.ofSeconds(10))
                .getSession();
        session.addPublicKeyIdentity(key);
        session.auth().verify(Duration.ofSeconds(10));
        forwards.clear();
    }

    Software software() {
        return guest.software();
    }

    void reboot() throws Exception {
        run("sudo systemctl reboot");
        eventually(() -> guest.sshPort() == 0);
        connect();
    }

    String run(String line) throws IOException {
        try (ChannelExec channel = session.createExecChannel(line)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            channel.setOut(out);
            channel.setErr(out);
            channel.open().verify(Duration.ofSeconds(10));
            channel.getInvertedIn().close();
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), Duration.ofSeconds(60));
            return out.toString(StandardCharsets.UTF_8);
        }
    }

    /** One request of the Engine API over {@code docker system dial-stdio}. */
    Said docker(String method, String path, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (ChannelExec channel = session.createExecChannel("docker system dial-stdio")) {
            channel.open().verify(Duration.ofSeconds(10));
            OutputStream out = channel.getInvertedIn();
            out.write((method + " /v1.44" + path + " HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n"
                            + "Content-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
            InputStream in = channel.getInvertedOut();
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            int head = answer.indexOf("\r\n\r\n");
            assertThat(head).as("answer to %s %s: %s", method, path, answer).isPositive();
            int status = Integer.parseInt(answer.substring(9, 12));
            String rest = answer.substring(head + 4);
            boolean chunked = answer.substring(0, head).toLowerCase().contains("transfer-encoding: chunked");
            return new Said(status, chunked ? unchunked(rest) : rest, null);
        }
    }

    private static String unchunked(String text) {
        StringBuilder all = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf("\r\n", at);
            int size = Integer.parseInt(text.substring(at, end).strip(), 16);
            all.append(text, end + 2, Math.min(text.length(), end + 2 + size));
            at = end + 2 + size + 2;
            if (size == 0) {
                break;
            }
        }
        return all.toString();
    }

    /** One request to a port of the guest, through its SSH server. */
    Said http(int port, String method, String path, String body) throws Exception {
        Integer local = forwards.get(port);
        if (local == null) {
            local = session.startLocalPortForwarding(
                            new SshdSocketAddress("127.0.0.1", 0), new SshdSocketAddress("127.0.0.1", port))
                    .getPort();
            forwards.put(port, local);
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + local + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Said(answer.statusCode(), answer.body(), answer);
        } catch (IOException refused) {
            return new Said(0, String.valueOf(refused), null);
        }
    }

    Said get(int port, String path) throws Exception {
        return http(port, "GET", path, "");
    }

    Said ask(int port, String model, String question, int most) throws Exception {
        return http(
                port,
                "POST",
                "/v1/chat/completions",
                "{\"model\":\"%s\",\"max_tokens\":%d,\"temperature\":0,\"ignore_eos\":true,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                        .formatted(model, most, question));
    }

    /** Likewise, while the test goes on. */
    CompletableFuture<Said> asking(int port, String model, String question, int most) {
        CompletableFuture<Said> said = new CompletableFuture<>();
        Thread.ofVirtual().name("asking").start(() -> {
            try {
                said.complete(ask(port, model, question, most));
            } catch (Exception e) {
                said.completeExceptionally(e);
            }
        });
        return said;
    }

    String logs(String container) {
        try {
            return software().docker().get(container).printed(2, 1000);
        } catch (dev.rackhouse.simulator.serving.DockerRefusal none) {
            return none.sentence();
        }
    }

    static void eventually(Callable<Boolean> question) throws Exception {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
        while (!question.call()) {
            assertThat(Instant.now()).isBefore(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Override
    public void close() {
        client.stop();
        guest.destroy();
        lab.close();
    }
}
