package dev.rackhouse.inference.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.fit.FitQuestion.Disk;
import dev.rackhouse.inference.fit.FitQuestion.Link;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The golden files: every number and every verdict of every case. GiB are given to two decimals, so half of the last one is allowed. */
class GoldenFitTest {

    private static final double GIB = 1024.0 * 1024 * 1024;
    private static final double MIB = 1024.0 * 1024;

    static JsonNode golden(String file) throws IOException {
        try (InputStream in = GoldenFitTest.class.getResourceAsStream("/inference/" + file)) {
            return JsonMapper.shared().readTree(in);
        }
    }

    static Stream<Named<JsonNode>> vllm() throws IOException {
        return golden("cases.json")
                .get("cases")
                .valueStream()
                .map(c -> Named.of(
                        c.get("model").asString() + " " + c.get("quant").asString() + " tp"
                                + c.get("tp").asInt() + " at " + c.get("util").asDouble() + " on "
                                + c.get("gpu_usable_gib").asDouble(),
                        c));
    }

    @ParameterizedTest
    @MethodSource("vllm")
    void countsAsVllmDoes(JsonNode c) {
        VllmMemory memory = memory(c);

        assertThat(Shapes.of(c.get("model").asString()).parameters())
                .isEqualTo(c.get("params").asLong());
        assertThat(Math.round(memory.weightsPerRank()))
                .isEqualTo(c.get("weights_per_rank_bytes").asLong());
        gib(memory.weightsPerRank(), c, "weights_per_rank_gib");
        assertThat(memory.kvPerToken())
                .isEqualTo(c.get("kv_bytes_per_token_per_rank").asLong());
        gib(memory.activation(), c, "activation_gib");
        gib(memory.libraries(), c, "non_torch_gib");
        gib(memory.graphs(), c, "cuda_graphs_gib");
        gib(memory.budget(), c, "budget_gib");
        gib(memory.kvAvailable(), c, "kv_available_gib");
        gib(memory.kvNeeded(), c, "kv_needed_gib");
        assertThat(memory.kvTokens()).isEqualTo(c.get("kv_tokens").asLong());
        assertThat(memory.kvTokens()).isEqualTo(c.get("max_len_that_fits").asLong());
        assertThat(memory.concurrency())
                .isCloseTo(c.get("concurrency_at_max_len").asDouble(), within(0.0051));
        assertThat(memory.holds(c.get("max_model_len").asInt()))
                .isEqualTo(c.get("fits").asBoolean());
    }

    @ParameterizedTest
    @MethodSource("vllm")
    void answersAsTheCaseSays(JsonNode c) {
        List<GpuNow> gpus = new ArrayList<>();
        for (int i = 0; i < c.get("tp").asInt(); i++) {
            ByteSize usable = new ByteSize(Math.round(c.get("gpu_usable_gib").asDouble() * GIB));
            gpus.add(new GpuNow("GPU-" + i, "GPU " + i, usable, usable, new ComputeCapability(8, 6), List.of()));
        }

        Fit fit = Fitting.of(new FitQuestion(
                Shapes.of(c.get("model").asString()),
                Weights.parse(c.get("quant").asString(), null),
                List.of(),
                profile(c),
                new FitQuestion.Vllm(gpus, Link.PCIE, Disk.UNKNOWN)));

        assertThat(fit instanceof Fit.Fits).isEqualTo(c.get("fits").asBoolean());
        if (fit instanceof Fit.Fits fits) {
            assertThat(fits.plan().kvTokens()).isEqualTo(c.get("kv_tokens").asLong());
            assertThat(fits.plan().concurrency())
                    .isCloseTo(c.get("concurrency_at_max_len").asDouble(), within(0.0051));
        }
    }

    private static VllmMemory memory(JsonNode c) {
        return VllmMemory.of(
                Shapes.of(c.get("model").asString()),
                Weights.parse(c.get("quant").asString(), null),
                profile(c),
                c.get("tp").asInt(),
                new ByteSize(Math.round(c.get("gpu_usable_gib").asDouble() * GIB)));
    }

    private static ServingProfile profile(JsonNode c) {
        return ServingProfile.seeds(c.get("max_model_len").asInt())
                .withUtilization(c.get("util").asDouble())
                .withBatch(c.get("max_num_batched_tokens").asInt())
                .withSequences(c.get("max_num_seqs").asInt());
    }

    private static void gib(double bytes, JsonNode c, String key) {
        assertThat(bytes / GIB).as(key).isCloseTo(c.get(key).asDouble(), within(0.0051));
    }

    @Test
    void keepsSlidingWindowsAsLlamaCppDoes() throws IOException {
        JsonNode c = golden("cases-gguf-apple.json").get("cases").get(0);
        LayerGroup sliding = group(c, "sliding", c.get("sliding_window").asInt());
        LayerGroup global = group(c, "global", null);
        double number = c.get("kv_dtype_bytes").asDouble();
        ServingProfile profile = ServingProfile.seeds(c.get("ctx").asInt()).withSequences(1);
        ModelShape shape = new ModelShape(
                25_200_000_000L, 30, List.of(global, sliding), 2816, 16, 256, 7744, 262_144, 262_144, true, false, 0);
        Weights weights = new Weights.Gguf("Q4_0", new ByteSize(15_000_000_000L));

        assertThat(profile.microBatchTokens()).isEqualTo(c.get("ubatch").asInt());
        assertThat(LlamaMemory.cells(sliding, profile, profile.contextTokens()))
                .isEqualTo(c.get("window_cells").asLong());
        assertThat(global.bytesPerToken(1, number))
                .isEqualTo(c.get("global_bytes_per_token").asLong());
        assertThat(sliding.bytesPerToken(1, number))
                .isEqualTo(c.get("sliding_bytes_per_token").asLong());
        assertThat(LlamaMemory.of(shape, weights, profile).kv() / MIB)
                .isEqualTo(c.get("kv_mib").asDouble());
        assertThat(LlamaMemory.of(shape, weights, profile.withWholeWindows(true))
                                .kv()
                        / MIB)
                .isEqualTo(c.get("kv_mib_swa_full").asDouble());
    }

    private static LayerGroup group(JsonNode c, String kind, Integer window) {
        return new LayerGroup(
                c.get(kind + "_layers").asInt(),
                c.get(kind + "_kv_heads").asInt(),
                c.get(kind + "_head_dim").asInt(),
                window);
    }

    static Stream<Named<JsonNode>> apple() throws IOException {
        return golden("cases-gguf-apple.json")
                .get("cases")
                .valueStream()
                .filter(c -> c.has("ram_mib"))
                .map(c -> Named.of("limit " + c.get("iogpu_wired_limit_mb").asInt(), c));
    }

    @ParameterizedTest
    @MethodSource("apple")
    void countsUnifiedMemory(JsonNode c) {
        UnifiedMemory machine = new UnifiedMemory(
                "M3 Ultra",
                ByteSize.ofMiB(c.get("ram_mib").asLong()),
                c.get("iogpu_wired_limit_mb").asInt(),
                new ByteSize(0));
        ModelShape shape = new ModelShape(
                122_100_000_000L,
                48,
                List.of(new LayerGroup(
                        c.get("full_attention_layers").asInt(),
                        c.get("kv_heads").asInt(),
                        c.get("head_dim").asInt(),
                        null)),
                3072,
                32,
                256,
                9216,
                248_320,
                262_144,
                false,
                false,
                c.get("state_mib").asInt());
        Weights weights = new Weights.Gguf("Q5_K_M", new ByteSize(80_000_000_000L));
        ServingProfile profile = ServingProfile.seeds(c.get("ctx").asInt()).withSequences(1);
        LlamaMemory memory = LlamaMemory.of(shape, weights, profile);

        assertThat(machine.limitMiB()).isEqualTo(c.get("effective_limit_mib").asInt());
        assertThat(memory.weights() / MIB).isCloseTo(c.get("weights_mib").asDouble(), within(0.51));
        assertThat(shape.kvBytesPerToken(1, c.get("kv_dtype_bytes").asDouble()))
                .isEqualTo(c.get("kv_bytes_per_token").asLong());
        assertThat(memory.kv() / MIB).isEqualTo(c.get("kv_mib").asDouble());
        assertThat(memory.state() / MIB).isEqualTo(c.get("state_mib").asDouble());
        assertThat(memory.buffers() / MIB).isEqualTo(c.get("buffers_mib").asDouble());
        assertThat(memory.total(1) / MIB).isCloseTo(c.get("total_mib").asDouble(), within(0.51));

        Fit fit = Fitting.of(
                new FitQuestion(shape, weights, List.of(), profile, new FitQuestion.Unified(machine, Disk.UNKNOWN)));
        assertThat(fit instanceof Fit.Fits).isEqualTo(c.get("fits").asBoolean());
        if (fit instanceof Fit.DoesNotFit no) {
            assertThat(no.remedies()).containsExactly(new Remedy.RaiseWiredLimit(79_872, 83_968));
        }
    }

    @Test
    void knowsTheSizesOfFiles() throws IOException {
        JsonNode root = golden("cases-gguf-apple.json");
        JsonNode bits = root.get("bits_per_weight");
        JsonNode f16 = root.get("f16_file");
        ModelShape nomic = new ModelShape(
                f16.get("params").asLong(), 12, List.of(), 768, 12, 64, 3072, 30_528, 8192, true, false, 0);

        assertThat(bits.get("file_bytes").asDouble() * 8 / bits.get("params").asDouble())
                .isCloseTo(bits.get("bpw").asDouble(), within(0.0051));
        assertThat(new Weights.Half(false).size(nomic).bytes())
                .isEqualTo(f16.get("bytes_fp16").asLong());
    }

    @Test
    void usesTheConstantsOfTheGoldenFile() throws IOException {
        JsonNode estimator = golden("cases.json").get("estimator");
        ModelShape shape = Shapes.QWEN_7B;
        ServingProfile profile = ServingProfile.seeds(4096);
        ByteSize usable = ByteSize.ofGiB(24);

        assertThat(profile.batchTokens())
                .isEqualTo(estimator.get("max_num_batched_tokens").asInt());
        assertThat(profile.sequences()).isEqualTo(estimator.get("max_num_seqs").asInt());
        assertThat(VllmMemory.of(shape, new Weights.Half(false), profile, 1, usable)
                                .libraries()
                        / GIB)
                .isEqualTo(estimator.get("non_torch_gib").get("tp1").asDouble());
        assertThat(VllmMemory.of(shape, new Weights.Half(false), profile, 2, usable)
                                .libraries()
                        / GIB)
                .isEqualTo(estimator.get("non_torch_gib").get("tp>1").asDouble());
        assertThat(VllmMemory.GIB).isEqualTo(estimator.get("gib").asDouble());
        assertThat(4 + 16.0 / 128 + 4.0 / 128)
                .isEqualTo(estimator.get("awq_bits").asDouble());
    }
}
