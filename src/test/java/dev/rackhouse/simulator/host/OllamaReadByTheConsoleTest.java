package dev.rackhouse.simulator.host;

import static dev.rackhouse.simulator.host.ServingGuest.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inference.health.EngineFailure;
import dev.rackhouse.inference.health.EngineMetrics;
import dev.rackhouse.inference.health.LogReading;
import dev.rackhouse.simulator.serving.Container;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pretended Ollama writes and answers, the console's readers understand as they do the real one's. */
class OllamaReadByTheConsoleTest {
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
                {"Image": "ollama/ollama:0.13.5", "Cmd": ["serve"], "Env": ["OLLAMA_CONTEXT_LENGTH=8192"],
                 "HostConfig": {"Binds": ["/srv/models:/root/.ollama"],
                   "PortBindings": {"11434/tcp": [{"HostPort": "11434"}]},
                   "DeviceRequests": [{"Driver": "nvidia", "Capabilities": [["gpu"]],
                     "DeviceIDs": ["GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e02"]}]}}
                """);
    }

    @AfterEach
    void stop() {
        guest.close();
    }

    private void up() throws Exception {
        guest.docker("POST", "/containers/ollama/start", "");
        eventually(() -> guest.get(PORT, "/api/version").status() == 200);
        guest.http(PORT, "POST", "/api/pull", "{\"model\":\"qwen2.5:7b\"}");
    }

    private List<String> printed() throws Exception {
        Container container = guest.software().docker().get("ollama");
        List<String> lines = new ArrayList<>();
        lines.addAll(container.printed(2, 1000).lines().toList());
        lines.addAll(container.printed(1, 1000).lines().toList());
        return lines;
    }

    private LogReading read() throws Exception {
        LogReading log = LogReading.EMPTY;
        for (String line : printed()) {
            log = log.with(Instant.EPOCH, line);
        }
        return log;
    }

    @Test
    void isReadyWhenItListensAndHasAnsweredWhenItHas() throws Exception {
        up();
        guest.http(PORT, "POST", "/api/generate", "{\"model\":\"qwen2.5:7b\"}");

        assertThat(read().ready()).isTrue();
        assertThat(read().answered()).as("a load is no answer").isNull();

        guest.ask(PORT, "qwen2.5:7b", "Reply with the single word: ready", 8);

        eventually(() -> read().answered() != null);
        assertThat(read().measured().version()).isEqualTo("0.13.5");
        assertThat(EngineFailure.causes(printed())).isEmpty();
    }

    @Test
    void tellsHowMuchOfAModelLiesOnTheGpu() throws Exception {
        up();
        assertThat(EngineMetrics.ollama(guest.get(PORT, "/api/ps").body()).orElseThrow())
                .isEmpty();

        guest.ask(PORT, "qwen2.5:7b", "a", 2);

        assertThat(EngineMetrics.ollama(guest.get(PORT, "/api/ps").body()).orElseThrow())
                .singleElement()
                .satisfies(model -> {
                    assertThat(model.name()).isEqualTo("qwen2.5:7b");
                    assertThat(model.whole()).isTrue();
                    assertThat(model.contextTokens()).isEqualTo(8192);
                });
    }

    @Test
    void aFailedLoadHasTheConsolesCause() throws Exception {
        guest.software().engineFaults().set("ollama", "oom", 1);
        up();

        guest.http(PORT, "POST", "/api/generate", "{\"model\":\"qwen2.5:7b\"}");

        assertThat(EngineFailure.causes(printed()))
                .extracting(EngineFailure.Found::failure)
                .containsExactly(EngineFailure.OUT_OF_MEMORY);
    }

    @Test
    void aFileIsLoadedFromTheHubAsTheConsoleAsksForIt() throws Exception {
        String hub = "https://huggingface.co/bartowski/Qwen2.5-7B-Instruct-GGUF/resolve/main/";
        String curl = "curl -fL --retry 5 --retry-delay 10 -C - --create-dirs -o \"${R:-}/srv/models/%1$s\" '" + hub
                + "%1$s'; echo code $?";

        assertThat(guest.run(curl.formatted("Qwen2.5-7B-Instruct-Q4_K_M.gguf"))).endsWith("code 0\n");
        assertThat(guest.run("cat ${R:-}/srv/models/Qwen2.5-7B-Instruct-Q4_K_M.gguf"))
                .isEqualTo("GGUF 4683074240 bytes\n");
        assertThat(guest.run(curl.formatted("nosuch.gguf")))
                .contains("returned error: 404")
                .endsWith("code 22\n");
        guest.software().faults().noNetwork(true);
        assertThat(guest.run(curl.formatted("other.gguf")))
                .contains("Could not resolve host")
                .endsWith("code 6\n");
    }
}
