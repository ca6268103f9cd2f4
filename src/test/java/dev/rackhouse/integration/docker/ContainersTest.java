package dev.rackhouse.integration.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.integration.HttpReply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read from a Docker engine's answers. */
class ContainersTest {

    private static final String LIST = """
            [{"Id":"1f0c2b7a9d11aa","Names":["/vllm-14b"],"Image":"vllm/vllm-openai:v0.29.0","ImageID":"sha256:aa","Command":"vllm serve",
              "Created":1760252531,"Ports":[{"IP":"0.0.0.0","PrivatePort":8000,"PublicPort":8001,"Type":"tcp"},
              {"PrivatePort":9000,"Type":"tcp"}],"Labels":{"rackhouse":"vllm-14b"},"State":"running","Status":"Up 2 hours (healthy)",
              "HostConfig":{"NetworkMode":"bridge"},"NetworkSettings":{"Networks":{}},"Mounts":[],"SomethingNew":{"a":[1]}},
             {"Id":"88a0c1d2e3f4","Names":null,"Image":"x","Ports":[],"Labels":null,"State":"exited","Status":"Exited (137)"}]
            """;

    private final List<String> asked = new ArrayList<>();

    @Test
    void listsContainersWithLabelsAndPublishedPorts() {
        List<ContainerLine> lines = answering(200, LIST).list();

        assertThat(asked).containsExactly("/v1.44/containers/json?all=true");
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst().name()).isEqualTo("vllm-14b");
        assertThat(lines.getFirst().running()).isTrue();
        assertThat(lines.getFirst().labels()).containsEntry("rackhouse", "vllm-14b");
        assertThat(lines.getFirst().ports()).containsExactly(new PublishedPort(8001, 8000, "tcp", "0.0.0.0"));
        assertThat(lines.get(1).name()).isEmpty();
        assertThat(lines.get(1).running()).isFalse();
    }

    @Test
    void readsWhatInspectTells() throws IOException {
        ContainerDetails details = answering(200, inspected()).find("vllm-14b").orElseThrow();

        assertThat(asked).containsExactly("/v1.44/containers/vllm-14b/json");
        assertThat(details.name()).isEqualTo("vllm-14b");
        assertThat(details.entrypoint()).containsExactly("vllm", "serve");
        assertThat(details.command()).contains("--served-model-name", "qwen2.5-14b");
        assertThat(details.environment())
                .containsEntry("HF_HOME", "/root/.cache/huggingface")
                .containsEntry("VLLM_API_KEY", "***");
        assertThat(details.ports()).containsExactly(new PublishedPort(8001, 8000, "tcp", ""));
        assertThat(details.deviceIds()).containsExactly("GPU-bbbbbbbb-0000-4000-8000-000000000000");
        assertThat(details.ipcMode()).isEqualTo("host");
        assertThat(details.shmBytes()).isEqualTo(67_108_864);
        assertThat(details.restartPolicy()).isEqualTo("unless-stopped");
        assertThat(details.restarts()).isEqualTo(3);
        assertThat(details.state())
                .isEqualTo(new ContainerDetails.State(
                        "running", true, 41_801, 0, false, "", "healthy", Instant.parse("2026-10-12T07:02:12Z"), null));
    }

    @Test
    void findsNothingWhereNothingIs() {
        assertThat(answering(404, "{\"message\":\"No such container: x\"}").find("x"))
                .isEmpty();
        assertThat(answering(404, "{\"message\":\"No such image: x\"}").image("x"))
                .isEmpty();
        assertThat(answering(404, "{}").log("x", Instant.EPOCH, 10)).isEmpty();
    }

    @Test
    void putsNoForeignNameIntoAPath() {
        Containers containers = answering(200, "{}");
        assertThat(containers.find("../info?x=")).isEmpty();
        assertThat(containers.image("a/../../info")).isEmpty();
        assertThat(containers.log("x y", Instant.EPOCH, 10)).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void readsHowAnImageStarts() {
        ImageDetails image =
                answering(200, """
                        {"Id":"sha256:ab","RepoTags":["vllm/vllm-openai:v0.29.0"],"RepoDigests":["vllm/vllm-openai@sha256:cd"],
                         "Size":21000000000,"Config":{"Entrypoint":["vllm","serve"],"Cmd":null}}""").image("vllm/vllm-openai:v0.29.0").orElseThrow();

        assertThat(asked).containsExactly("/v1.44/images/vllm%2Fvllm-openai:v0.29.0/json");
        assertThat(image.entrypoint()).containsExactly("vllm", "serve");
        assertThat(image.command()).isEmpty();
        assertThat(image.bytes()).isEqualTo(21_000_000_000L);
    }

    @Test
    void followsALogPieceByPiece() {
        Instant since = Instant.parse("2026-10-12T07:02:11Z");
        LogPart part = answering(
                        200,
                        "2026-10-12T07:02:12.000000001Z INFO one\n2026-10-12T07:02:13.5Z \n broken by a terminal\n2026-10-12T07:02:14Z three\n")
                .log("vllm-14b", since, 1_000_000)
                .orElseThrow();

        assertThat(asked)
                .containsExactly("/v1.44/containers/vllm-14b/logs?stdout=true&stderr=true&timestamps=true&tail=5000"
                        + "&since=1791788531.000000000");
        assertThat(part.lines())
                .containsExactly(
                        new LogPart.Line(Instant.parse("2026-10-12T07:02:12.000000001Z"), "INFO one"),
                        new LogPart.Line(Instant.parse("2026-10-12T07:02:13.5Z"), ""),
                        new LogPart.Line(Instant.parse("2026-10-12T07:02:13.5Z"), " broken by a terminal"),
                        new LogPart.Line(Instant.parse("2026-10-12T07:02:14Z"), "three"));
        assertThat(part.next()).isEqualTo(Instant.parse("2026-10-12T07:02:14.000000001Z"));
    }

    @Test
    void asksAgainFromTheSameTimeWhenNothingCame() {
        Instant since = Instant.parse("2026-10-12T07:02:11Z");
        assertThat(answering(200, "").log("x", since, 10)).contains(new LogPart(List.of(), since, false));
    }

    @Test
    void saysWhatDockerRefused() {
        assertThatThrownBy(() -> answering(
                                400,
                                "{\"message\":\"client version 1.44 is too old. Minimum supported API version is 1.60\"}")
                        .list())
                .isInstanceOf(RemoteFailure.Refused.class)
                .hasMessageContaining("Could not list the containers on thor")
                .hasMessageContaining("too old");
    }

    @Test
    void saysWhenTheAnswerIsNotDockers() {
        for (String garbage :
                List.of("", "<html>Sign in</html>", "{\"a\":1}", "[1,2]", "null", "[{\"Ports\":\"none\"}]")) {
            assertThatThrownBy(() -> answering(200, garbage).list())
                    .as(garbage)
                    .isInstanceOf(RemoteFailure.Unreadable.class)
                    .hasMessageContaining("Could not list the containers on thor");
        }
    }

    @Test
    void takesNoAnswerThatWasCut() {
        assertThatThrownBy(() -> new Containers(path -> new HttpReply(200, "[]", true), "thor").list())
                .isInstanceOf(RemoteFailure.Unreadable.class)
                .hasMessageContaining("longer than is read");
    }

    @Test
    void cutsWhatIsTooLong() {
        String long_ = "x".repeat(100_000);
        ContainerLine line = answering(200, LIST.replace("vllm/vllm-openai:v0.29.0", long_))
                .list()
                .getFirst();
        assertThat(line.image()).hasSize(4_096);
    }

    private Containers answering(int status, String text) {
        return new Containers(
                path -> {
                    asked.add(path);
                    return new HttpReply(status, text, false);
                },
                "thor");
    }

    /** The sample is what the command prints: a list of one. */
    private static String inspected() throws IOException {
        try (InputStream in = ContainersTest.class.getResourceAsStream("inspect-vllm.json")) {
            String list = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            return list.substring(1, list.length() - 1);
        }
    }
}
