package dev.rackhouse.simulator.host;

import static dev.rackhouse.simulator.host.ServingGuest.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Engines that do not come up or die, in the words of the real ones. */
class ServingFaultsTest {
    private static final String GPU_0 = "GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e01";
    private static final String GPU_1 = "GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e02";

    @TempDir
    Path folder;

    private ServingGuest guest;

    @BeforeEach
    void start() throws Exception {
        guest = new ServingGuest(folder, 300);
        eventually(() -> guest.get(8000, "/health").status() == 200
                && guest.get(8001, "/health").status() == 200
                && guest.get(8090, "/health").status() == 200);
    }

    @AfterEach
    void stop() {
        guest.close();
    }

    private void freeCards() throws Exception {
        guest.docker("POST", "/containers/vllm-7b/stop?t=30", "");
        guest.docker("POST", "/containers/vllm-14b/stop?t=30", "");
    }

    private void fails(String fault, String words) throws Exception {
        guest.software().engineFaults().set("vllm-14b", fault, 1);
        guest.docker("POST", "/containers/vllm-14b/start", "");
        eventually(() -> guest.logs("vllm-14b").contains(words));
    }

    private JsonNode create(String name, String restart, String more, String... words) throws Exception {
        String body =
                "{\"Image\":\"vllm/vllm-openai:v0.29.0\",\"Cmd\":[\"%s\"],\"HostConfig\":{\"RestartPolicy\":{\"Name\":\"%s\"},\"DeviceRequests\":[{\"Driver\":\"nvidia\",\"DeviceIDs\":[\"%s\",\"%s\"],\"Capabilities\":[[\"gpu\"]]}]%s}}"
                        .formatted(String.join("\",\"", words), restart, GPU_0, GPU_1, more);
        ServingGuest.Said made = guest.docker("POST", "/containers/create?name=" + name, body);
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        return made.json();
    }

    private JsonNode state(String name) throws Exception {
        return guest.docker("GET", "/containers/" + name + "/json", "").json().path("State");
    }

    private int exitOf(String name) throws Exception {
        guest.docker("POST", "/containers/" + name + "/start", "");
        eventually(() -> state(name).path("Status").asString("").equals("exited"));
        return state(name).path("ExitCode").asInt(-1);
    }

    @Test
    void aStartFailsOnceAndTheNextOneComesUp() throws Exception {
        freeCards();

        fails("oom", "torch.OutOfMemoryError: CUDA out of memory.");

        eventually(() -> guest.get(8001, "/health").status() == 200);
        guest.docker("POST", "/containers/vllm-14b/stop?t=30", "");
        fails("no-kv", "No available memory for the cache blocks");
    }

    @Test
    void aHangingStartGoesOnUntilItIsStopped() throws Exception {
        freeCards();
        fails("nccl-hang", "No available shared memory broadcast block found in 60 seconds");
        assertThat(state("vllm-14b").path("Running").asBoolean(false)).isTrue();
        assertThat(guest.docker("POST", "/containers/vllm-14b/stop?t=5", "").status())
                .isEqualTo(204);
    }

    @Test
    void aWrongCommandLineIsToldAtOnce() throws Exception {
        create("flag", "no", "", "Qwen/Qwen2.5-7B-Instruct", "--swap-space", "4");
        assertThat(exitOf("flag")).isEqualTo(2);
        assertThat(guest.logs("flag")).contains("unrecognized arguments: --swap-space 4");

        create("gated", "no", "", "example/gated-model");
        assertThat(exitOf("gated")).isEqualTo(1);
        assertThat(guest.logs("gated")).contains("GatedRepoError").contains("Cannot access gated repo");

        create("heads", "no", "", "Qwen/Qwen2.5-7B-Instruct", "--tensor-parallel-size", "8");
        assertThat(exitOf("heads")).isEqualTo(1);
        assertThat(guest.logs("heads")).contains("(28) must be divisible by tensor parallel size (8)");
    }

    @Test
    void twoCardsNeedSharedMemory() throws Exception {
        freeCards();
        create(
                "pair",
                "no",
                "",
                "Qwen/Qwen2.5-32B-Instruct-AWQ",
                "--tensor-parallel-size",
                "2",
                "--max-model-len",
                "8192");
        guest.docker("POST", "/containers/pair/start", "");

        eventually(() -> guest.logs("pair").contains("No available shared memory broadcast block"));
    }

    @Test
    void aPortIsGivenOnce() throws Exception {
        create(
                "second",
                "no",
                ",\"PortBindings\":{\"8000/tcp\":[{\"HostPort\":\"8000\"}]}",
                "Qwen/Qwen2.5-7B-Instruct");

        ServingGuest.Said refused = guest.docker("POST", "/containers/second/start", "");

        assertThat(refused.status()).isEqualTo(500);
        assertThat(refused.body()).contains("Bind for 0.0.0.0:8000 failed: port is already allocated");
    }

    @Test
    void anImageThatIsNotThereIsPulledFirst() throws Exception {
        String body = "{\"Image\":\"vllm/vllm-openai:v0.30.0\",\"Cmd\":[]}";
        assertThat(guest.docker("POST", "/containers/create?name=new", body).body())
                .contains("No such image: vllm/vllm-openai:v0.30.0");
        guest.software().faults().noSpace(true);
        assertThat(guest.docker("POST", "/images/create?fromImage=vllm/vllm-openai&tag=v0.30.0", "")
                        .body())
                .contains("\"error\":\"failed to register layer: write /usr/bin/bash: no space left on device\"");
        guest.software().faults().noSpace(false);

        assertThat(guest.docker("POST", "/images/create?fromImage=vllm/vllm-openai&tag=v0.30.0", "")
                        .body())
                .contains("Status: Downloaded newer image for vllm/vllm-openai:v0.30.0");

        assertThat(guest.docker("GET", "/images/vllm/vllm-openai:v0.30.0/json", "")
                        .json()
                        .at("/Config/Entrypoint/0")
                        .asString(""))
                .isEqualTo("vllm");
        assertThat(guest.docker("POST", "/containers/create?name=new", body).status())
                .isEqualTo(201);
    }

    @Test
    void aLostCardKillsItsEngineBehindItsServer() throws Exception {
        ServingControls.control(guest.software(), "engines/gpu", Map.of("uuid", GPU_1, "state", "lost"));

        eventually(() -> guest.get(8001, "/health").status() == 503);

        assertThat(guest.logs("vllm-14b")).contains("EngineDeadError");
        assertThat(guest.get(8000, "/health").status()).isEqualTo(200);
        assertThat(guest.run("nvidia-smi --query-gpu=uuid --format=csv"))
                .isEqualTo("Unable to determine the device handle for GPU0000:02:00.0: Unknown Error\n");
        assertThat(guest.run("dmesg")).contains("NVRM: Xid (PCI:0000:02:00): 79,");
    }

    @Test
    void anEngineMayBeHealthyOnlyByItsOwnWord() throws Exception {
        guest.software().engineFaults().set("vllm-7b", "dead-but-200", 1);
        assertThat(guest.get(8000, "/health").status()).isEqualTo(200);
        assertThat(guest.ask(8000, "qwen2.5-7b", "hello", 8).status()).isEqualTo(500);
        guest.software().engineFaults().set("vllm-7b", "wedge", 1);
        var asked = guest.asking(8000, "qwen2.5-7b", "hello", 8);
        eventually(() -> guest.get(8000, "/load").body().contains(":1"));
        assertThat(asked).isNotDone();
        guest.software().engineFaults().set("vllm-7b", "none", 1);
        assertThat(asked.get().status()).isEqualTo(200);
    }

    @Test
    void somebodyElsesMemoryKeepsAnEngineFromStarting() throws Exception {
        guest.docker("POST", "/containers/vllm-14b/stop?t=30", "");
        guest.software().driver().rack().foreign(GPU_1, 8000);

        guest.docker("POST", "/containers/vllm-14b/start", "");

        eventually(() -> guest.logs("vllm-14b").contains("Free memory on device cuda:0 (15.87/23.68 GiB) on startup"));
    }
}
