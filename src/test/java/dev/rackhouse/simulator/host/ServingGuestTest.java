package dev.rackhouse.simulator.host;

import static dev.rackhouse.simulator.host.ServingGuest.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models are served in thor's guest: containers by the Engine API, engines by their ports, all through SSH. */
class ServingGuestTest {
    private static final String READY = "Reply with the single word: ready";

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

    @Test
    void theFastPairAnswersAndTheLargeOneIsOff() throws Exception {
        assertThat(guest.ask(8000, "qwen2.5-7b", READY, 8)
                        .json()
                        .at("/choices/0/message/content")
                        .asString(""))
                .isEqualTo("ready");
        assertThat(guest.ask(8001, "qwen2.5-7b", READY, 8).status()).isEqualTo(404);
        assertThat(guest.get(8002, "/health").status()).isZero();
        assertThat(guest.docker("GET", "/containers/vllm-32b/json", "")
                        .json()
                        .at("/State/Status")
                        .asString(""))
                .isEqualTo("created");
        assertThat(guest.docker("GET", "/containers/json?all=true", "").json()).hasSize(4);
        assertThat(guest.docker("GET", "/info", "")
                        .json()
                        .at("/ContainersRunning")
                        .asInt(0))
                .isEqualTo(3);
        assertThat(guest.run("sudo docker ps --format '{{.Names}}'"))
                .contains("vllm-7b\n")
                .doesNotContain("vllm-32b");
    }

    @Test
    void theCardsShowWhoHoldsTheirMemory() throws Exception {
        String apps = guest.run(
                "nvidia-smi --query-compute-apps=gpu_uuid,pid,process_name,used_gpu_memory --format=csv,noheader");
        assertThat(apps).contains("d4e01").contains("VLLM::EngineCore, 20613 MiB");
        String pid = apps.lines()
                .filter(line -> line.contains("20613"))
                .findFirst()
                .orElseThrow()
                .split(", ")[1];
        String id = guest.docker("GET", "/containers/vllm-7b/json", "")
                .json()
                .path("Id")
                .asString("");
        assertThat(guest.run("cat ${R:-}/proc/" + pid + "/cgroup")).contains("docker-" + id + ".scope");
        assertThat(guest.docker("GET", "/containers/vllm-7b/top", "").body()).contains("\"" + pid + "\"");
    }

    @Test
    void twoModesAtOnceDoNotFit() throws Exception {
        assertThat(guest.docker("POST", "/containers/vllm-32b/start", "").status())
                .isEqualTo(204);

        eventually(() -> guest.logs("vllm-32b").contains("less than desired GPU memory utilization (0.9, 21.31 GiB)"));
        assertThat(guest.get(8000, "/health").status()).isEqualTo(200);
        eventually(() -> guest.docker("GET", "/containers/vllm-32b/json", "")
                        .json()
                        .path("RestartCount")
                        .asInt(0)
                > 0);
        guest.docker("POST", "/containers/vllm-32b/stop?t=5", "");
        assertThat(guest.docker("GET", "/containers/vllm-32b/json", "")
                        .json()
                        .at("/State/Status")
                        .asString(""))
                .isEqualTo("exited");
    }

    @Test
    void theModesAreSwapped() throws Exception {
        assertThat(guest.docker("POST", "/containers/vllm-7b/stop?t=30", "").status())
                .isEqualTo(204);
        assertThat(guest.docker("POST", "/containers/vllm-7b/stop?t=30", "").status())
                .isEqualTo(304);
        assertThat(guest.docker("POST", "/containers/vllm-14b/stop?t=30", "").status())
                .isEqualTo(204);
        assertThat(guest.run("nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits"))
                .endsWith("\n1\n");
        assertThat(guest.docker("POST", "/containers/vllm-32b/start", "").status())
                .isEqualTo(204);
        assertThat(guest.get(8002, "/health").status()).isZero();

        eventually(() -> guest.get(8002, "/health").status() == 200);

        assertThat(guest.ask(8002, "qwen2.5-32b", READY, 8).body()).contains("ready");
        assertThat(guest.logs("vllm-32b"))
                .contains("world_size=2 rank=1")
                .contains("GPU KV cache size: 87,696 tokens")
                .contains("Application startup complete.");
        assertThat(guest.get(8002, "/metrics").body())
                .contains("vllm:num_requests_running{engine=\"0\",model_name=\"qwen2.5-32b\"} 0.0");
        assertThat(guest.software().effects().counts())
                .containsEntry("docker stop vllm-7b", 1)
                .containsEntry("docker start vllm-32b", 1);
    }

    @Test
    void whatIsInFlightBreaksWhenTheContainerIsStopped() throws Exception {
        var asked = guest.asking(8000, "qwen2.5-7b", "tell me all", 30000);
        eventually(() -> guest.get(8000, "/metrics")
                .body()
                .contains("num_requests_running{engine=\"0\",model_name=\"qwen2.5-7b\"} 1.0"));
        assertThat(guest.run("nvidia-smi --query-gpu=utilization.gpu --format=csv,noheader,nounits"))
                .startsWith("85\n");

        guest.docker("POST", "/containers/vllm-7b/stop?t=30", "");

        assertThat(asked.get().status()).isZero();
    }

    @Test
    void whatRanRunsAgainAfterAReboot_whatWasStoppedDoesNot() throws Exception {
        guest.docker("POST", "/containers/vllm-14b/stop?t=30", "");

        guest.reboot();

        eventually(() -> guest.get(8000, "/health").status() == 200);
        assertThat(guest.docker("GET", "/containers/vllm-14b/json", "")
                        .json()
                        .at("/State/Running")
                        .asBoolean(true))
                .isFalse();
    }
}
