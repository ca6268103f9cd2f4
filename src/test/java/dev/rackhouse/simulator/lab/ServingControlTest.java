package dev.rackhouse.simulator.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.simulator.host.Jails;
import dev.rackhouse.simulator.host.SshKeys;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The control page of lab thor shows what serves models there and lets it fail. */
class ServingControlTest {
    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private RunningLab lab;

    @BeforeEach
    void start() throws Exception {
        String key = SshKeys.line(SshKeys.fresh().getPublic(), "test");
        Jails jails = new Jails(folder.resolve("jails"));
        lab = RunningLab.start(LabPlan.packed("thor").orElseThrow(), new RunningLab.Common(jails, folder, 0, 300, key));
        eventually(() -> phase("vllm-7b").equals("READY") && phase("embed-thor").equals("READY"));
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private JsonNode control(String method, String path, String body) throws Exception {
        URI base = lab.proxmox().orElseThrow().control();
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(base.resolve(path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return JsonMapper.shared().readTree(answer.body());
    }

    private JsonNode engine(String name) throws Exception {
        return control("GET", "/engines", "")
                .path("engines")
                .valueStream()
                .filter(one -> one.path("container").asString("").equals(name))
                .findFirst()
                .orElse(JsonMapper.shared().createObjectNode());
    }

    private String phase(String name) throws Exception {
        return engine(name).path("phase").asString("");
    }

    private static void eventually(Callable<Boolean> question) throws Exception {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
        while (!question.call()) {
            assertThat(Instant.now()).isBefore(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Test
    void everythingOfTheSeedRunsWhenTheGuestIsUp() throws Exception {
        assertThat(engine("vllm-7b").path("memoryMiB").asInt(0)).isEqualTo(20613);
        assertThat(engine("vllm-32b").path("state").asString("")).isEqualTo("created");
        assertThat(control("GET", "/counters", "").path("effects").toString()).doesNotContain("docker");
    }

    @Test
    void loadComesFromOutsideThroughTheRouter() throws Exception {
        String clients = control("GET", "/router/thor/110", "").path("clients").asString("");

        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(clients + "/v1/chat/completions"))
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"model\":\"qwen2.5-7b\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(engine("vllm-7b").path("generatedTokens").asInt(0)).isPositive();
    }

    @Test
    void anotherRouterStandsThereFromNowOn() throws Exception {
        control("POST", "/router/kind", "{\"node\":\"thor\",\"vmid\":110,\"kind\":\"litellm\"}");

        String clients = control("GET", "/router/thor/110", "").path("clients").asString("");

        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(clients + "/model/info")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(control("POST", "/router/kind", "{\"node\":\"thor\",\"vmid\":110,\"kind\":\"nginx\"}")
                        .path("error")
                        .asString(""))
                .contains("There is no router nginx; there are rackhouse, llama-swap, litellm, traefik-file");
    }

    @Test
    void aCardIsLostAndARouterRefuses() throws Exception {
        control(
                "POST",
                "/engines/gpu",
                "{\"node\":\"thor\",\"vmid\":110,\"uuid\":\"GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e01\",\"state\":\"lost\"}");
        eventually(() -> engine("vllm-7b").path("dead").asBoolean(false));

        control("POST", "/router/fault", "{\"fault\":\"refuse\"}");
        String routes = control("GET", "/router/thor/110", "").path("control").asString("") + "/routes";
        assertThat(http.send(HttpRequest.newBuilder(URI.create(routes)).build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(500);
        assertThat(control(
                                "POST",
                                "/engines/fault",
                                "{\"node\":\"thor\",\"vmid\":110,\"container\":\"x\",\"fault\":\"y\"}")
                        .path("error")
                        .asString(""))
                .contains("No such fault");
    }
}
