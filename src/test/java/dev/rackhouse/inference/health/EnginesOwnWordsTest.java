package dev.rackhouse.inference.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logs, metrics and answers of engines are read as the samples show them. */
class EnginesOwnWordsTest {

    private static final Instant NOW = Instant.parse("2026-10-12T09:15:41Z");

    private static String sample(String file) throws IOException {
        try (InputStream in = EnginesOwnWordsTest.class.getResourceAsStream("/inference/samples/" + file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "awq-align, TP_ALIGN",
        "bf16-turing, BF16",
        "freemem, FREE_MEM",
        "gated-401, GATED",
        "kv-too-small, KV_SMALL",
        "max-len, MAX_LEN",
        "no-kv-blocks, NO_KV",
        "oom-weights, OUT_OF_MEMORY",
        "quant-capability, QUANT_CAPABILITY",
        "tp-heads, TP_HEADS",
        "unknown-flag, FLAG"
    })
    void aFailedStartHasExactlyOneCause(String log, EngineFailure cause) throws IOException {
        List<EngineFailure.Found> causes = EngineFailure.causes(
                sample("vllm/startup-fail-" + log + ".log").lines().toList());

        assertThat(causes).extracting(EngineFailure.Found::failure).containsExactly(cause);
    }

    @Test
    void theAdviceCarriesTheLogsOwnNumbers() throws IOException {
        var small = EngineFailure.causes(
                        sample("vllm/startup-fail-kv-too-small.log").lines().toList())
                .getFirst();
        var free = EngineFailure.causes(
                        sample("vllm/startup-fail-freemem.log").lines().toList())
                .getFirst();

        assertThat(small.advice()).isEqualTo("Set the context to 8176 tokens.");
        assertThat(free.cause()).isEqualTo("Only 6.12 of 23.68 GiB were free, and the profile wants 21.31 GiB.");
    }

    @Test
    void anEngineThatDiesAtWorkIsDeadAndAQuietWorkerIsAHang() throws IOException {
        assertThat(EngineFailure.causes(
                        sample("vllm/runtime-fail-engine-dead.log").lines().toList()))
                .extracting(EngineFailure.Found::failure)
                .containsExactly(EngineFailure.DEAD);
        assertThat(EngineFailure.in(sample("vllm/runtime-warn-shm-wait.log"))
                        .orElseThrow()
                        .failure())
                .isEqualTo(EngineFailure.HANG);
    }

    @Test
    void followsAStartToItsEndAndMeasuresIt() throws IOException {
        LogReading log = LogReading.EMPTY;
        for (String line : sample("vllm/startup-32b-awq-tp2.log").lines().toList()) {
            log = log.with(NOW, line);
        }

        assertThat(log.ready()).isTrue();
        assertThat(log.failures()).isEmpty();
        assertThat(log.measured()).isEqualTo(new LogReading.Measured("0.29.0", 1.0, 9.08, 10.66, 87_312L, 0.38, 2));
    }

    @Test
    void aWarningOfWaitingWorkersBeforeTheStartIsNoHang() throws IOException {
        String warning = sample("vllm/runtime-warn-shm-wait.log");

        LogReading before = LogReading.EMPTY
                .with(NOW, "Dynamo bytecode transform time: 8.31 s")
                .with(NOW, warning);
        LogReading after = before.with(NOW, "Application startup complete.").with(NOW, warning);

        assertThat(before.hangs()).isZero();
        assertThat(after.hangs()).isEqualTo(1);
    }

    @Test
    void readsBusyAndIdleAndOldMetricsOfVllm() throws IOException {
        assertThat(EngineMetrics.vllm(sample("vllm/metrics-v1-busy.txt")))
                .contains(new EngineSample(4, 2, 97_314L, 842_311L, 0.6373, 3L, false));
        assertThat(EngineMetrics.vllm(sample("vllm/metrics-v0-legacy.txt")))
                .contains(new EngineSample(2, 0, 30_122L, 120_411L, 0.1284, 0L, false));
        assertThat(EngineMetrics.vllm(sample("vllm/metrics-v1-idle.txt"))
                        .orElseThrow()
                        .wanted())
                .isFalse();
        assertThat(EngineMetrics.vllm("<html>no metrics</html>")).isEmpty();
    }

    @Test
    void readsMetricsAndSlotsOfLlamaCpp() throws IOException {
        String slots = sample("llamacpp/slots.json");

        assertThat(EngineMetrics.llama(sample("llamacpp/metrics.txt"), slots))
                .contains(new EngineSample(1, 0, 60_411L + 136, 184_233L, null, null, false));
        assertThat(EngineMetrics.llama(sample("llamacpp/metrics-legacy.txt"), null))
                .contains(new EngineSample(2, 1, null, null, 0.63, null, false));
        assertThat(EngineMetrics.llama(sample("llamacpp/error-501-metrics.json"), null))
                .isEmpty();
    }

    @Test
    void ollamaIsReadyWhenItListensAndItsLogTellsWhatItAnswered() throws IOException {
        LogReading log = LogReading.EMPTY;
        int second = 0;
        for (String line : sample("ollama/serve.log").lines().toList()) {
            log = log.with(NOW.plusSeconds(second++), line);
        }

        assertThat(log.ready()).isTrue();
        assertThat(log.phaseSince()).isEqualTo(NOW.plusSeconds(1));
        assertThat(log.measured().version()).isEqualTo("0.13.5");
        assertThat(log.answered())
                .as("neither the load nor the refused request made a token")
                .isEqualTo(NOW.plusSeconds(8));
        assertThat(log.failures()).isEmpty();
    }

    @Test
    void aRunnerOfOllamaThatFoundNoMemoryHasOneCause() throws IOException {
        assertThat(EngineFailure.causes(sample("ollama/load-failed.log").lines().toList()))
                .extracting(EngineFailure.Found::failure)
                .containsExactly(EngineFailure.OUT_OF_MEMORY);
    }

    @Test
    void seesWhenOllamaSpillsToTheCpu() throws IOException {
        assertThat(EngineMetrics.ollama(sample("ollama/ps-cpu-offload.json"))
                        .orElseThrow()
                        .getFirst()
                        .gpuShare())
                .isBetween(0.64, 0.66);
        assertThat(EngineMetrics.ollama(sample("ollama/ps-gpu-full.json"))
                        .orElseThrow()
                        .getFirst()
                        .gpuShare())
                .isEqualTo(1);
        assertThat(EngineMetrics.ollama("no json")).isEmpty();
    }
}
