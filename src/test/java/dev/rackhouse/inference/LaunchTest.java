package dev.rackhouse.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inference.fit.ServingProfile.KvType;
import dev.rackhouse.inference.fit.ServingProfile.Precision;
import org.junit.jupiter.api.Test;

/** The literal command lines of the homelabs' deployments. */
class LaunchTest {

    private static Deployment deployment(String id) {
        return Serving.file().deployments().stream()
                .filter(d -> d.id().value().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static String line(Deployment d, boolean unified) {
        Model model = KnownModels.all().stream()
                .filter(m -> m.id().equals(d.model()))
                .findFirst()
                .orElseThrow();
        ServingEngine engine = Serving.engines().stream()
                .filter(e -> e.kind() == d.engine())
                .findFirst()
                .orElseThrow();
        return engine.launch(d, model, model.files(d.files()).orElseThrow(), unified)
                .commandLine();
    }

    @Test
    void oneModelOnOneGpu() {
        assertThat(line(deployment("vllm-14b"), false))
                .isEqualTo("docker run -d --name vllm-14b --restart unless-stopped"
                        + " --gpus '\"device=GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e02\"'"
                        + " --label rackhouse=vllm-14b -v /srv/hf:/root/.cache/huggingface"
                        + " -v /var/lib/rackhouse/vllm-cache:/root/.cache/vllm -e CUDA_DEVICE_ORDER=PCI_BUS_ID -p 8001:8000"
                        + " vllm/vllm-openai:v0.29.0 Qwen/Qwen2.5-14B-Instruct-AWQ --served-model-name qwen2.5-14b"
                        + " --max-model-len 32768 --gpu-memory-utilization 0.90 --max-num-seqs 32 --max-num-batched-tokens 2048"
                        + " --enable-prefix-caching --enable-chunked-prefill");
    }

    @Test
    void oneModelOverThePair() {
        assertThat(line(deployment("vllm-32b"), false))
                .contains(
                        "--gpus '\"device=GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e01,GPU-6a0e3c51-1d7b-0f7e-8d5f-0a1b2c3d4e02\"' --ipc=host")
                .endsWith("--tensor-parallel-size 2 --disable-custom-all-reduce")
                .doesNotContain("--quantization");
    }

    @Test
    void anEngineThatMaySleepIsStartedSo() {
        Deployment d = deployment("vllm-14b");
        Deployment sleepy = new Deployment(
                d.id(),
                d.model(),
                d.files(),
                d.engine(),
                d.place(),
                d.gpus(),
                d.image(),
                d.port(),
                d.servedName(),
                d.modelDirectory(),
                d.profile().withSleep(true),
                d.declared());

        assertThat(line(sleepy, false)).contains(" -e VLLM_SERVER_DEV_MODE=1 ").endsWith(" --enable-sleep-mode");
        assertThat(line(d, false)).doesNotContain("sleep", "DEV_MODE");
    }

    @Test
    void theChangesOfTheFitAreFlags() {
        Deployment d = deployment("vllm-14b");
        Deployment changed = new Deployment(
                d.id(),
                d.model(),
                d.files(),
                d.engine(),
                d.place(),
                d.gpus(),
                d.image(),
                d.port(),
                d.servedName(),
                d.modelDirectory(),
                d.profile().withPrecision(Precision.HALF).withKvType(KvType.FP8),
                false);

        assertThat(line(changed, false)).endsWith("--dtype half --kv-cache-dtype fp8");
    }

    @Test
    void llamaCppInAContainerAndOnAMac() {
        assertThat(line(deployment("llama-helium"), false))
                .contains(
                        "-v /srv/models:/models -p 8080:8080 ghcr.io/ggml-org/llama.cpp:server-cuda --model /models/gemma-4-26B-A4B-it-Q4_0.gguf")
                .contains("--ctx-size 8192 --parallel 1")
                .contains("--n-gpu-layers all --metrics");
        assertThat(line(deployment("llama-lithium"), true))
                .startsWith(
                        "/opt/homebrew/bin/llama-server --model /Users/ops/models/Qwen3.5-122B-A10B-Q5_K_M.gguf --alias qwen3.5-122b")
                .doesNotContain("docker");
        assertThat(line(deployment("embed-thor"), false)).endsWith("--metrics --embeddings");
    }

    @Test
    void aGatedModelTakesItsTokenByName() {
        Deployment d = deployment("vllm-7b");
        Model model = KnownModels.all().stream()
                .filter(m -> m.id().equals(d.model()))
                .findFirst()
                .orElseThrow();
        Model gated = new Model(
                model.id(),
                model.name(),
                model.family(),
                model.purpose(),
                "own",
                true,
                model.shape(),
                model.files(),
                false);

        assertThat(new VllmEngine()
                        .launch(d, gated, gated.files("fp16").orElseThrow(), false)
                        .commandLine())
                .contains(" -e HF_TOKEN -e ");
    }
}
