package dev.rackhouse.simulator.host;

import static dev.rackhouse.simulator.host.ServingGuest.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.simulator.host.ServingGuest.Said;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The router of thor's guest: clients on port 4000, control on 4001, both through SSH. */
class ServingRouterTest {
    @TempDir
    Path folder;

    private ServingGuest guest;

    @BeforeEach
    void start() throws Exception {
        guest = new ServingGuest(folder, 300);
        eventually(() -> guest.get(8000, "/health").status() == 200
                && guest.get(8090, "/health").status() == 200
                && guest.get(4001, "/health").status() == 200);
    }

    @AfterEach
    void stop() {
        guest.close();
    }

    private Said route(String name, int port, String state) throws Exception {
        return guest.http(
                4001,
                "PUT",
                "/routes/" + name,
                "{\"backend\":\"http://127.0.0.1:%d\",\"model\":\"%s\",\"state\":\"%s\",\"retryAfter\":150,\"message\":\"switching\"}"
                        .formatted(port, name, state));
    }

    @Test
    void requestsGoToTheEngineOfTheirModel() throws Exception {
        assertThat(guest.ask(4000, "qwen2.5-7b", "hello", 8)
                        .json()
                        .path("model")
                        .asString(""))
                .isEqualTo("qwen2.5-7b");
        assertThat(guest.http(4000, "POST", "/v1/embeddings", "{\"model\":\"nomic-embed-text\",\"input\":\"a\"}")
                        .json()
                        .at("/data/0/embedding"))
                .hasSize(768);
        assertThat(guest.get(4000, "/v1/models").json().path("data")).hasSize(3);
        assertThat(guest.ask(4000, "nothing", "hello", 8)
                        .json()
                        .at("/error/code")
                        .asString(""))
                .isEqualTo("model_not_found");
    }

    @Test
    void aModelThatIsOffTellsWhenToAskAgain() throws Exception {
        Said off = guest.ask(4000, "qwen2.5-32b", "hello", 8);

        assertThat(off.status()).isEqualTo(503);
        assertThat(off.whole().headers().firstValue("Retry-After")).contains("150");
        assertThat(off.json().at("/error/code").asString("")).isEqualTo("model_offline");
    }

    @Test
    void anEngineThatIsGoneIsToldApart() throws Exception {
        guest.docker("POST", "/containers/vllm-7b/stop?t=30", "");

        Said gone = guest.ask(4000, "qwen2.5-7b", "hello", 8);

        assertThat(gone.status()).isEqualTo(502);
        assertThat(gone.json().at("/error/code").asString("")).isEqualTo("backend_unreachable");
    }

    @Test
    void drainingCarriesToTheEndWhatWasAccepted() throws Exception {
        CompletableFuture<Said> asked = guest.asking(4000, "qwen2.5-7b", "long", 9000);
        eventually(() ->
                guest.get(4001, "/routes/qwen2.5-7b").json().path("inFlight").asInt(0) == 1);

        Said draining = route("qwen2.5-7b", 8000, "draining");
        Said refused = guest.ask(4000, "qwen2.5-7b", "hello", 8);

        assertThat(draining.json().path("inFlight").asInt(0)).isEqualTo(1);
        assertThat(refused.json().at("/error/code").asString("")).isEqualTo("model_switching");
        assertThat(refused.json().at("/error/message").asString("")).isEqualTo("switching");
        assertThat(asked.get().json().at("/usage/completion_tokens").asInt(0)).isEqualTo(9000);
    }

    @Test
    void routesSurviveAReboot_andOnlyChangesCount() throws Exception {
        route("qwen2.5-7b", 8000, "off");
        route("qwen2.5-7b", 8000, "off");
        assertThat(guest.http(4001, "DELETE", "/routes/qwen2.5-32b", "").status())
                .isEqualTo(204);
        assertThat(guest.http(4001, "DELETE", "/routes/qwen2.5-32b", "").status())
                .isEqualTo(404);

        guest.reboot();
        eventually(() -> guest.get(4001, "/health").status() == 200);

        assertThat(guest.get(4001, "/routes").json().at("/routes/2/state").asString(""))
                .isEqualTo("off");
        assertThat(guest.get(4001, "/routes").json().path("routes")).hasSize(3);
        assertThat(guest.software().effects().counts())
                .containsEntry("route qwen2.5-7b", 1)
                .containsEntry("route qwen2.5-32b", 1);
    }
}
