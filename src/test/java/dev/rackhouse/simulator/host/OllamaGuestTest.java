package dev.rackhouse.simulator.host;

import static dev.rackhouse.simulator.host.ServingGuest.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Ollama in thor's guest, on the card of the 14B, which is stopped: pulled, loaded, asked, put away. */
class OllamaGuestTest {
    private static final String MODEL = "qwen2.5:7b";
    private static final String READY = "Reply with the single word: ready";
    private static final int PORT = 11434;

    @TempDir
    Path folder;

    private ServingGuest guest;

    @BeforeEach
    void start() throws Exception {
        guest = new ServingGuest(folder, 300);
        eventually(() -> guest.get(8001, "/health").status() == 200);
        guest.docker("POST", "/containers/vllm-14b/stop?t=30", "");
        guest.run("sudo docker pull ollama/ollama:0.13.5");
        guest.docker("POST", "/containers/create?name=ollama", """
                {"Image": "ollama/ollama:0.13.5", "Cmd": ["serve"],
                 "Env": ["OLLAMA_HOST=0.0.0.0:11434", "OLLAMA_CONTEXT_LENGTH=8192", "OLLAMA_KEEP_ALIVE=-1"],
                 "HostConfig": {"Binds": ["/srv/models:/root/.ollama"],
                   "PortBindings": {"11434/tcp": [{"HostPort": "11434"}]},
                   "DeviceRequests": [{"Driver": "nvidia", "Capabilities": [["gpu"]],
                     "DeviceIDs": ["GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e02"]}]}}
                """);
        guest.docker("POST", "/containers/ollama/start", "");
        eventually(() -> guest.get(PORT, "/api/version").status() == 200);
    }

    @AfterEach
    void stop() {
        guest.close();
    }

    private String pull(String model) throws Exception {
        return guest.http(PORT, "POST", "/api/pull", "{\"model\":\"" + model + "\"}")
                .body();
    }

    private JsonNode running() throws Exception {
        return guest.get(PORT, "/api/ps").json().path("models");
    }

    private String used() throws Exception {
        return guest.run("nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits")
                .lines()
                .toList()
                .getLast();
    }

    @Test
    void listensAtOnceAndServesNothing() throws Exception {
        assertThat(guest.get(PORT, "/").body()).isEqualTo("Ollama is running");
        assertThat(guest.get(PORT, "/api/tags").json().path("models")).isEmpty();
        assertThat(guest.get(PORT, "/metrics").status()).isEqualTo(404);
        assertThat(guest.ask(PORT, MODEL, READY, 8).json().at("/error/message").asString(""))
                .isEqualTo("model 'qwen2.5:7b' not found");
        assertThat(guest.logs("ollama")).contains("msg=\"Listening on [::]:11434 (version 0.13.5)\"");
    }

    @Test
    void pullsWithProgressAndKeepsWhatItPulledOnTheDisk() throws Exception {
        assertThat(pull(MODEL)).contains("\"completed\":4683073952").endsWith("{\"status\":\"success\"}\n");

        assertThat(guest.get(PORT, "/api/tags").json().at("/models/0/name").asString(""))
                .isEqualTo(MODEL);
        assertThat(guest.run("ls ${R:-}/srv/models/models/manifests/registry.ollama.ai/library/qwen2.5"))
                .isEqualTo("7b\n");
        assertThat(guest.http(PORT, "POST", "/api/show", "{\"model\":\"qwen2.5:7b\"}")
                        .json()
                        .at("/details/quantization_level")
                        .asString(""))
                .isEqualTo("Q4_K_M");
        assertThat(guest.http(PORT, "DELETE", "/api/delete", "{\"model\":\"qwen2.5:7b\"}")
                        .status())
                .isEqualTo(200);
        assertThat(guest.run("ls ${R:-}/srv/models")).doesNotContain("models");
    }

    @Test
    void aPullFailsInsideAnAnswerThatBeganWell() throws Exception {
        var answer = guest.http(PORT, "POST", "/api/pull", "{\"model\":\"nosuch:1b\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"status\":\"pulling manifest\"}\n{\"error\":\"pull model manifest: file does not exist\"}\n");
    }

    @Test
    void theCommandInTheContainerPulls() throws Exception {
        assertThat(guest.run("sudo docker exec ollama ollama pull qwen2.5:7b; echo code $?"))
                .contains("success")
                .endsWith("code 0\n");
        assertThat(guest.run("sudo docker exec ollama ollama pull nosuch; echo code $?"))
                .endsWith("Error: pull model manifest: file does not exist\ncode 1\n");
        assertThat(guest.software().effects().counts()).containsEntry("docker exec ollama ollama pull qwen2.5:7b", 1);
    }

    @Test
    void theFirstRequestLoadsTheModelAndItStays() throws Exception {
        pull(MODEL);
        assertThat(used()).isEqualTo("1");

        assertThat(guest.ask(PORT, MODEL, READY, 8)
                        .json()
                        .at("/choices/0/message/content")
                        .asString(""))
                .isEqualTo("ready");

        JsonNode model = running().path(0);
        assertThat(model.path("size").asLong(0))
                .isEqualTo(model.path("size_vram").asLong(0))
                .isGreaterThan(5_000_000_000L);
        assertThat(model.path("context_length").asInt(0)).isEqualTo(8192);
        assertThat(Integer.parseInt(used())).isGreaterThan(5000);
        assertThat(guest.logs("ollama")).contains("llama runner started in").contains("offloaded 29/29 layers");
        String apps = guest.run(
                "nvidia-smi --query-compute-apps=gpu_uuid,pid,process_name,used_gpu_memory --format=csv,noheader");
        assertThat(apps).contains("/usr/bin/ollama");
    }

    @Test
    void aLoadWithoutPromptFillsTheMemoryAndOneThatKeepsNothingFreesIt() throws Exception {
        pull(MODEL);

        assertThat(guest.http(PORT, "POST", "/api/generate", "{\"model\":\"qwen2.5:7b\"}")
                        .json()
                        .path("done_reason")
                        .asString(""))
                .isEqualTo("load");
        assertThat(running()).hasSize(1);
        guest.http(PORT, "POST", "/api/generate", "{\"model\":\"qwen2.5:7b\",\"keep_alive\":0}");

        assertThat(running()).isEmpty();
        assertThat(used()).isEqualTo("1");
    }

    @Test
    void aModelThatIsNotAskedForGoesAfterItsTime() throws Exception {
        pull(MODEL);

        guest.http(PORT, "POST", "/api/generate", "{\"model\":\"qwen2.5:7b\",\"keep_alive\":\"20s\"}");

        eventually(() -> running().isEmpty());
        assertThat(used()).isEqualTo("1");
    }

    @Test
    void whatFindsNoRoomOnTheCardLiesOnTheCpu() throws Exception {
        pull(MODEL);
        guest.software().driver().rack().foreign("GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e02", 21000);

        guest.ask(PORT, MODEL, READY, 8);

        JsonNode model = running().path(0);
        assertThat(model.path("size_vram").asLong(0))
                .isLessThan(model.path("size").asLong(0))
                .isPositive();
    }

    @Test
    void vectorsComeFromAModelOfVectorsOnly() throws Exception {
        pull("nomic-embed-text");
        pull(MODEL);

        assertThat(guest.http(PORT, "POST", "/v1/embeddings", "{\"model\":\"nomic-embed-text\",\"input\":\"a\"}")
                        .json()
                        .at("/data/0/embedding"))
                .hasSize(768);
        assertThat(guest.ask(PORT, "nomic-embed-text", READY, 8).status()).isEqualTo(400);
        assertThat(running()).hasSize(1);
    }

    @Test
    void aRunnerThatFindsNoMemoryIsTold() throws Exception {
        pull(MODEL);
        guest.docker("POST", "/containers/ollama/stop?t=5", "");
        guest.software().engineFaults().set("ollama", "oom", 1);
        guest.docker("POST", "/containers/ollama/start", "");
        eventually(() -> guest.get(PORT, "/api/version").status() == 200);

        var answer = guest.http(PORT, "POST", "/api/generate", "{\"model\":\"qwen2.5:7b\"}");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).contains("llama runner process has terminated: cudaMalloc failed: out of memory");
        assertThat(running()).isEmpty();
    }
}
