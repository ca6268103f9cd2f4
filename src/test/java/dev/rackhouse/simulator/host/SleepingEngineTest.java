package dev.rackhouse.simulator.host;

import static dev.rackhouse.simulator.host.ServingGuest.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vLLM that was started with sleep mode gives its cards back, and wakes in seconds. */
class SleepingEngineTest {
    private static final String GPU0 = "GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e01";
    private static final String READY = "Reply with the single word: ready";
    private static final String USED = "nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits";

    @TempDir
    Path folder;

    private ServingGuest guest;

    @BeforeEach
    void start() throws Exception {
        guest = new ServingGuest(folder, 300);
        eventually(() -> guest.get(8000, "/health").status() == 200);
        made("--enable-sleep-mode", "VLLM_SERVER_DEV_MODE=1");
    }

    @AfterEach
    void stop() {
        guest.close();
    }

    private void made(String flag, String variable) throws Exception {
        guest.docker("DELETE", "/containers/vllm-7b?force=true", "");
        guest.docker("POST", "/containers/create?name=vllm-7b", """
                {"Image": "vllm/vllm-openai:v0.29.0",
                 "Cmd": ["Qwen/Qwen2.5-7B-Instruct", "--served-model-name", "qwen2.5-7b", "--max-model-len", "32768",
                         "--gpu-memory-utilization", "0.85", "%s"],
                 "Env": ["%s"], "Labels": {"rackhouse": "vllm-7b"},
                 "HostConfig": {"Binds": ["/srv/hf:/root/.cache/huggingface"],
                                "PortBindings": {"8000/tcp": [{"HostPort": "8000"}]},
                                "RestartPolicy": {"Name": "unless-stopped"},
                                "DeviceRequests": [{"Driver": "nvidia", "DeviceIDs": ["%s"], "Capabilities": [["gpu"]]}]}}
                """.formatted(flag, variable, GPU0));
        guest.docker("POST", "/containers/vllm-7b/start", "");
        eventually(() -> guest.get(8000, "/health").status() == 200);
    }

    private int usedMiB() throws Exception {
        return Integer.parseInt(
                guest.run(USED).lines().findFirst().orElseThrow().strip());
    }

    private long availableKib() throws Exception {
        return Long.parseLong(guest.run("grep MemAvailable ${R:-}/proc/meminfo").replaceAll("\\D", ""));
    }

    private boolean sleeping() throws Exception {
        return guest.get(8000, "/is_sleeping").json().path("is_sleeping").asBoolean(false);
    }

    @Test
    void asleepItKeepsALittleOfItsCardAndItsWeightsInMainMemory() throws Exception {
        long available = availableKib();

        assertThat(guest.http(8000, "POST", "/sleep?level=1", "").status()).isEqualTo(200);

        eventually(() -> sleeping() && usedMiB() < 1500);
        assertThat(available - availableKib()).isBetween(14L << 20, 15L << 20);
        assertThat(guest.get(8000, "/health").status()).isEqualTo(200);
        assertThat(guest.get(8000, "/metrics").body())
                .contains("sleep_state=\"weights_offloaded\"} 1.0")
                .contains("sleep_state=\"awake\"} 0.0");
        assertThat(guest.ask(8000, "qwen2.5-7b", READY, 8).status()).isEqualTo(503);
        assertThat(guest.software().effects().counts()).containsEntry("sleep vllm-7b", 1);
    }

    @Test
    void wakesAndAnswersWithoutAnotherStart() throws Exception {
        int used = usedMiB();
        long available = availableKib();
        guest.http(8000, "POST", "/sleep?level=1", "");
        eventually(() -> sleeping() && usedMiB() < 1500);

        guest.http(8000, "POST", "/wake_up", "");

        eventually(() -> !sleeping());
        assertThat(usedMiB()).isEqualTo(used);
        assertThat(availableKib()).isEqualTo(available);
        assertThat(guest.ask(8000, "qwen2.5-7b", READY, 8).body()).contains("ready");
    }

    @Test
    void aRestartOfItsContainerWakesIt() throws Exception {
        long available = availableKib();
        guest.http(8000, "POST", "/sleep?level=1", "");
        eventually(() -> sleeping());

        guest.docker("POST", "/containers/vllm-7b/restart?t=5", "");

        eventually(() -> guest.get(8000, "/health").status() == 200);
        assertThat(sleeping()).isFalse();
        assertThat(availableKib()).isEqualTo(available);
    }

    @Test
    void withoutTheVariableItHasNoSuchAddress() throws Exception {
        made("--enable-sleep-mode", "CUDA_DEVICE_ORDER=PCI_BUS_ID");

        assertThat(guest.get(8000, "/is_sleeping").status()).isEqualTo(404);
        assertThat(guest.http(8000, "POST", "/sleep?level=1", "").status()).isEqualTo(404);
    }

    @Test
    void isKilledWhereMainMemoryIsTooSmallForItsWeights() throws Exception {
        guest.software().computer().write("/proc/meminfo", "MemTotal: 131072000 kB\nMemAvailable: 4000000 kB\n");

        guest.http(8000, "POST", "/sleep?level=1", "");

        eventually(() -> guest.docker("GET", "/containers/vllm-7b/json", "")
                        .json()
                        .path("RestartCount")
                        .asInt(0)
                > 0);
    }

    @Test
    void itsMishapsAreToldByTheControlPage() throws Exception {
        guest.software().engineFaults().set("vllm-7b", "sleep-holds", 1);
        guest.http(8000, "POST", "/sleep?level=1", "");
        eventually(() -> sleeping());
        guest.software().engineFaults().set("vllm-7b", "no-wake", 1);

        assertThat(guest.http(8000, "POST", "/wake_up", "").status()).isEqualTo(200);

        assertThat(usedMiB()).isGreaterThan(20000);
        assertThat(sleeping()).isTrue();
    }
}
