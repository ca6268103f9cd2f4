package dev.rackhouse.integration.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.integration.HttpReply;
import dev.rackhouse.integration.PretendDocker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests to a Docker engine through SSH, and what goes wrong on the way. */
class DockerHostTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private PretendDocker docker;

    @BeforeEach
    void start() throws IOException {
        docker = new PretendDocker(folder);
    }

    @AfterEach
    void stop() {
        docker.close();
    }

    @Test
    void sendsTheLiteralRequest() throws IOException {
        docker.answers(
                "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"Id\":\"1f0c2\"}");

        HttpReply reply = asRoot().call("POST", "/v1.44/containers/create?name=vllm-7b", "{\"Image\":\"ü\"}", LIMIT);

        assertThat(reply).isEqualTo(new HttpReply(201, "{\"Id\":\"1f0c2\"}", false));
        assertThat(docker.request())
                .startsWith("POST /v1.44/containers/create?name=vllm-7b HTTP/1.1\n")
                .contains("\nHost: docker\n", "\nContent-Length: 14\n", "\nContent-Type: application/json\n")
                .endsWith("\n\n{\"Image\":\"ü\"}");
        assertThat(docker.wrote("words")).isEqualTo("system dial-stdio");
    }

    @Test
    void sendsAnEmptyBodyWithItsLength() throws IOException {
        docker.answers("HTTP/1.1 204 No Content\r\n\r\n");

        assertThat(asRoot().call("POST", "/v1.44/containers/x/start", null, LIMIT))
                .isEqualTo(new HttpReply(204, "", false));
        assertThat(docker.request()).contains("\nContent-Length: 0\n").doesNotContain("Content-Type");
    }

    @Test
    void goesBySudoForOtherUsers() throws IOException {
        docker.answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");

        DockerHost.of(docker.host(), true).call("GET", "/v1.44/info", null, LIMIT);

        assertThat(docker.wrote("sudo-word")).isEqualTo("-n");
        assertThat(docker.wrote("words")).isEqualTo("system dial-stdio");
    }

    @Test
    void takesAStatusThatRefusesForAnAnswer() throws IOException {
        docker.answers("HTTP/1.1 404 Not Found\r\nContent-Length: 33\r\n\r\n{\"message\":\"No such container: x\"}");
        assertThat(asRoot().call("GET", "/v1.44/containers/x/json", null, LIMIT).status())
                .isEqualTo(404);
    }

    @Test
    void expectsNoBodyOfWhatIsSoAlready() throws IOException {
        docker.answers("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n");
        docker.fallsSilent();
        assertThat(asRoot().call("POST", "/v1.44/containers/x/start", null, LIMIT))
                .isEqualTo(new HttpReply(304, "", false));
    }

    @Test
    void putsChunksTogether() throws IOException {
        docker.answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n[{},\r\n3\r\n{}]\r\n0\r\n\r\n");
        assertThat(asRoot().call("GET", "/v1.44/containers/json", null, LIMIT).text())
                .isEqualTo("[{},{}]");
    }

    @Test
    void readsNoMoreThanTwoMebibytes() throws IOException {
        docker.answers("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(3 * 1024 * 1024));

        HttpReply reply = asRoot().call("GET", "/v1.44/containers/x/logs", null, LIMIT);

        assertThat(reply.text()).hasSize(DockerHost.LARGEST);
        assertThat(reply.truncated()).isTrue();
    }

    @Test
    void turnsFramedLogsIntoText() throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        answer.writeBytes(frame(1, "INFO one\n"));
        answer.writeBytes(frame(2, "WARNING zwei: ü\n"));
        answer.writeBytes(frame(1, ""));
        answer.writeBytes(frame(1, "INFO three\n"));
        docker.answers(answer.toByteArray());

        assertThat(asRoot().call("GET", "/v1.44/containers/x/logs?stdout=true", null, LIMIT)
                        .text())
                .isEqualTo("INFO one\nWARNING zwei: ü\nINFO three\n");
    }

    @Test
    void leavesTheLogOfATerminalAsItIs() throws IOException {
        docker.answers("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nplain text\n");
        assertThat(asRoot().call("GET", "/v1.44/containers/x/logs", null, LIMIT).text())
                .isEqualTo("plain text\n");
    }

    @Test
    void knowsFramesOfOldEnginesThatCallThemRaw() throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        answer.writeBytes(frame(2, "old\n"));
        docker.answers(answer.toByteArray());

        assertThat(asRoot().call("GET", "/v1.41/containers/x/logs", null, LIMIT).text())
                .isEqualTo("old\n");
    }

    @Test
    void saysWhenAnAnswerEndsInTheMiddle() throws IOException {
        docker.answers("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n[{\"Id\":");

        assertThatThrownBy(() -> asRoot().call("GET", "/v1.44/containers/json", null, LIMIT))
                .isInstanceOf(RemoteFailure.Unreachable.class)
                .hasMessageContaining("ask for GET /v1.44/containers/json of Docker on thor (SSH")
                .hasMessageContaining("the answer ended in the middle");
    }

    @Test
    void saysWhenAChunkEndsInTheMiddle() throws IOException {
        docker.answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n[{},\r\n");
        assertThatThrownBy(() -> asRoot().call("GET", "/v1.44/containers/json", null, LIMIT))
                .isInstanceOf(RemoteFailure.Unreachable.class)
                .hasMessageContaining("the answer ended in the middle");
    }

    @Test
    void saysWhenALogEndsWithinAFrame() throws IOException {
        docker.answers(
                "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n\r\n\1\0\0\0\0\0\0\77half");
        assertThatThrownBy(() -> asRoot().call("GET", "/v1.44/containers/x/logs", null, LIMIT))
                .isInstanceOf(RemoteFailure.Unreachable.class)
                .hasMessageContaining("the log ended within a frame");
    }

    @Test
    void refusesWhatIsNoHttp() throws IOException {
        docker.answers("Last login: never\u0007\n<script>alert(1)</script>\n".repeat(20));
        assertThatThrownBy(() -> asRoot().call("GET", "/v1.44/info", null, LIMIT))
                .isInstanceOf(RemoteFailure.class)
                .hasMessageContaining("Could not ask for GET /v1.44/info of Docker on thor");
    }

    @Test
    void refusesAHeadWithoutEnd() throws IOException {
        docker.answers("HTTP/1.1 200 OK\r\nX: " + "y".repeat(5_000_000));
        assertThatThrownBy(() -> asRoot().call("GET", "/v1.44/info", null, LIMIT))
                .isInstanceOf(RemoteFailure.class)
                .hasMessageContaining("Could not ask for GET /v1.44/info");
    }

    @Test
    void givesUpOnSilence() throws IOException {
        docker.answers("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n[");
        docker.fallsSilent();

        assertThatThrownBy(() -> asRoot().call("POST", "/v1.44/containers/x/stop", null, Duration.ofSeconds(2)))
                .isInstanceOf(RemoteFailure.TimedOut.class)
                .hasMessageContaining("no whole answer within 2 s")
                .hasMessageContaining("look before asking again");
    }

    @Test
    void givesUpOnAnEndlessLogInTime() throws IOException {
        docker.answers("HTTP/1.1 200 OK\r\n\r\nline\n");
        docker.fallsSilent();
        assertThatThrownBy(
                        () -> asRoot().call("GET", "/v1.44/containers/x/logs?follow=true", null, Duration.ofSeconds(1)))
                .isInstanceOf(RemoteFailure.TimedOut.class);
    }

    @Test
    void stopsWaitingWhenInterrupted() throws Exception {
        docker.answers("");
        docker.fallsSilent();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                asRoot().call("GET", "/v1.44/info", null, LIMIT);
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        await().until(() -> folder.resolve("request").toFile().exists());
        waiting.interrupt();

        assertThat(waiting.join(Duration.ofSeconds(10))).isTrue();
        assertThat(thrown.get()).isInstanceOf(CancellationException.class);
    }

    @Test
    void saysWhoMayNotUseDocker() throws IOException {
        docker.complains(
                "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock\n");
        assertThatThrownBy(() -> asRoot().call("GET", "/v1.44/info", null, LIMIT))
                .isInstanceOf(RemoteFailure.Refused.class)
                .hasMessageContaining("permission denied while trying to connect")
                .hasMessageContaining("add the user to the group docker");
    }

    @Test
    void saysWhenSudoAsksForAPassword() throws IOException {
        docker.complains("sudo: a password is required\n");
        assertThatThrownBy(() -> asRoot().call("GET", "/v1.44/info", null, LIMIT))
                .isInstanceOf(RemoteFailure.Refused.class)
                .hasMessageContaining("without a password");
    }

    @Test
    void saysWhenTheDaemonIsDown() throws IOException {
        docker.complains(
                "failed to open the raw stream connection: dial unix /var/run/docker.sock: connect: no such file or directory\n");
        assertThatThrownBy(() -> asRoot().call("GET", "/v1.44/info", null, LIMIT))
                .isInstanceOf(RemoteFailure.Unreachable.class)
                .hasMessageContaining("systemctl start docker");
    }

    @Test
    void saysWhenDockerIsNotThere() throws IOException {
        docker.complains("sh: 1: docker: not found\n");
        assertThatThrownBy(() -> asRoot().call("GET", "/v1.44/info", null, LIMIT))
                .isInstanceOf(RemoteFailure.Unreachable.class)
                .hasMessageContaining("Install Docker there");
    }

    private DockerHost asRoot() {
        return DockerHost.of(docker.host(), false);
    }

    private static byte[] frame(int stream, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(new byte[] {(byte) stream, 0, 0, 0, 0, 0, 0, (byte) bytes.length});
        frame.writeBytes(bytes);
        return frame.toByteArray();
    }
}
