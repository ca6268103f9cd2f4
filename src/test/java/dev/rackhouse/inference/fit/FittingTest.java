package dev.rackhouse.inference.fit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.fit.Fit.DoesNotFit;
import dev.rackhouse.inference.fit.Fit.Fits;
import dev.rackhouse.inference.fit.Fit.FitsWithChanges;
import dev.rackhouse.inference.fit.FitQuestion.Disk;
import dev.rackhouse.inference.fit.FitQuestion.Link;
import dev.rackhouse.inference.fit.FitQuestion.Vllm;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the answer says beyond the numbers: what others hold, what a card cannot do, and what would help. */
class FittingTest {

    private static final Weights FP16 = new Weights.Half(false);
    private static final Weights BF16 = new Weights.Half(true);
    private static final Weights AWQ = new Weights.FourBit(Weights.FourBit.Method.AWQ, 128);
    private static final ComputeCapability RTX_3090 = new ComputeCapability(8, 6);

    private static ByteSize gib(double gib) {
        return new ByteSize(Math.round(gib * 1024 * 1024 * 1024));
    }

    private static GpuNow gpu(
            int number, double usable, double free, @Nullable ComputeCapability capability, GpuNow.Holder... holders) {
        return new GpuNow("GPU-" + number, "GPU " + number, gib(usable), gib(free), capability, List.of(holders));
    }

    private static GpuNow free(int number) {
        return gpu(number, 23.68, 23.5, RTX_3090);
    }

    private static Fit ask(ModelShape shape, Weights weights, ServingProfile profile, Link link, GpuNow... gpus) {
        return Fitting.of(
                new FitQuestion(shape, weights, List.of(), profile, new Vllm(List.of(gpus), link, Disk.UNKNOWN)));
    }

    @Test
    void foreignProcessesCountAndLowerUtilizationIsAWayRoundThem() {
        var stranger = new GpuNow.Holder("python3 (pid 4711)", gib(3), false);

        Fit fit = ask(
                Shapes.QWEN_14B,
                AWQ,
                ServingProfile.seeds(16384),
                Link.UNKNOWN,
                gpu(0, 23.68, 20.5, RTX_3090, stranger));

        assertThat(fit).isInstanceOfSatisfying(FitsWithChanges.class, f -> {
            assertThat(f.reasons().getFirst()).contains("python3 (pid 4711) holds 3 GiB");
            assertThat(f.ways().getFirst().changes()).containsExactly(new Change.OtherUtilization(0.90, 0.86));
            assertThat(f.ways().getFirst().plan().concurrency()).isGreaterThan(1);
        });
    }

    @Test
    void saysWhomToStopWhenAGpuIsTaken() {
        var holder = new GpuNow.Holder("vllm-14b", gib(12.1), true);

        Fit fit = ask(
                Shapes.QWEN_7B, FP16, ServingProfile.seeds(32768), Link.UNKNOWN, gpu(1, 23.68, 11.5, RTX_3090, holder));

        assertThat(fit)
                .isInstanceOfSatisfying(
                        DoesNotFit.class,
                        f -> assertThat(f.remedies())
                                .extracting(Remedy::sentence)
                                .containsExactly("free GPU 1 (vllm-14b holds 12.1 GiB)"));
    }

    @Test
    void offersAShorterContext() {
        Fit fit = ask(Shapes.QWEN_32B, AWQ, ServingProfile.seeds(32768), Link.UNKNOWN, free(0));

        assertThat(fit)
                .isInstanceOfSatisfying(
                        FitsWithChanges.class,
                        f -> assertThat(f.ways())
                                .anySatisfy(w -> assertThat(w.changes())
                                        .containsExactly(new Change.ShorterContext(32768, 7168))));
    }

    @Test
    void saysThatTheAwqFilesOrASecondGpuWouldFit() {
        Fit fit = ask(Shapes.QWEN_14B, FP16, ServingProfile.seeds(32768), Link.UNKNOWN, free(0));

        assertThat(fit)
                .isInstanceOfSatisfying(
                        DoesNotFit.class,
                        f -> assertThat(f.remedies())
                                .extracting(Remedy::sentence)
                                .containsExactly(
                                        "get AWQ 4-bit files of the model: about 9.3 GiB", "split it over 2 GPUs"));
    }

    @Test
    void takesRegisteredFilesAsAWay() {
        Fit fit = Fitting.of(new FitQuestion(
                Shapes.QWEN_14B,
                FP16,
                List.of(AWQ),
                ServingProfile.seeds(32768),
                new Vllm(List.of(free(0)), Link.UNKNOWN, Disk.UNKNOWN)));

        assertThat(fit)
                .isInstanceOfSatisfying(
                        FitsWithChanges.class,
                        f -> assertThat(f.ways())
                                .anySatisfy(
                                        w -> assertThat(w.changes()).containsExactly(new Change.OtherWeights(AWQ))));
    }

    @Test
    void turnsCustomAllReduceOffForAPairWithoutNvlink() {
        ServingProfile own = ServingProfile.seeds(32768).withCustomAllReduce(true);

        Fit without = ask(Shapes.QWEN_32B, AWQ, own, Link.PCIE, free(0), free(1));
        Fit with = ask(Shapes.QWEN_32B, AWQ, own, Link.NVLINK, free(0), free(1));

        assertThat(with).isInstanceOf(Fits.class);
        assertThat(without)
                .isInstanceOfSatisfying(
                        FitsWithChanges.class,
                        f -> assertThat(f.ways().getFirst().changes())
                                .containsExactly(new Change.CustomAllReduceOff()));
    }

    @Test
    void computesInHalfOnTuring() {
        GpuNow turing = gpu(0, 7.60, 7.50, ComputeCapability.TURING);

        Fit fit = ask(Shapes.QWEN_7B, AWQ, ServingProfile.seeds(8192), Link.UNKNOWN, turing);

        assertThat(fit).isInstanceOfSatisfying(FitsWithChanges.class, f -> {
            assertThat(f.ways().getFirst().changes()).containsExactly(new Change.ComputeInHalf());
            assertThat(f.ways().getFirst().plan().tight()).isTrue();
        });
    }

    @Test
    void refusesAQuantizationThatTheCardCannotDo() {
        Fit fp8 = ask(Shapes.QWEN_7B, new Weights.Eight(true), ServingProfile.seeds(8192), Link.UNKNOWN, free(0));
        Fit awq = ask(
                Shapes.QWEN_7B,
                AWQ,
                ServingProfile.seeds(8192),
                Link.UNKNOWN,
                gpu(0, 15.9, 15.9, ComputeCapability.VOLTA));

        assertThat(fp8).isInstanceOfSatisfying(DoesNotFit.class, f -> {
            assertThat(f.reasons()).containsExactly("fp8 needs compute capability 8.9, and GPU 0 has 8.6.");
            assertThat(f.remedies()).contains(new Remedy.OtherCard(ComputeCapability.ADA));
        });
        assertThat(awq).isInstanceOf(DoesNotFit.class);
    }

    @Test
    void runsBf16ModelsAsHalfOnOldCardsOnly() {
        Fit newer = ask(Shapes.QWEN_7B, BF16, ServingProfile.seeds(8192), Link.UNKNOWN, free(0));

        assertThat(newer).isInstanceOf(Fits.class);
    }

    @Test
    void refusesAGpuCountThatDividesNoHeads() {
        Fit fit = ask(Shapes.QWEN_7B, FP16, ServingProfile.seeds(8192), Link.PCIE, free(0), free(1), free(2));

        assertThat(fit)
                .isInstanceOfSatisfying(
                        DoesNotFit.class,
                        f -> assertThat(f.reasons()).contains("The 28 attention heads cannot be divided by 3 GPUs."));
    }

    @Test
    void refusesWhenTheFilesHaveNoRoomOnDisk() {
        Fit fit = Fitting.of(new FitQuestion(
                Shapes.QWEN_7B,
                FP16,
                List.of(),
                ServingProfile.seeds(32768),
                new Vllm(List.of(free(0)), Link.UNKNOWN, new Disk(gib(10), false))));

        assertThat(fit).isInstanceOfSatisfying(DoesNotFit.class, f -> {
            assertThat(f.reasons()).containsExactly("The files take 14.2 GiB on disk, and 10 GiB are free.");
            assertThat(f.remedies())
                    .containsExactly(new Remedy.FreeDisk(new ByteSize(15_231_233_024L - gib(10).bytes())));
        });
    }

    @Test
    void gemmaFitsOnTwoCardsOf16GiBByLlamaCpp() {
        ModelShape gemma = new ModelShape(
                25_200_000_000L,
                30,
                List.of(new LayerGroup(5, 2, 512, null), new LayerGroup(25, 8, 256, 1024)),
                2816,
                16,
                256,
                7744,
                262_144,
                262_144,
                true,
                false,
                0);
        Weights file = new Weights.Gguf("Q4_0", new ByteSize(15_000_000_000L));
        GpuNow one = gpu(0, 15.6, 15.5, ComputeCapability.TURING);
        GpuNow other = gpu(1, 15.6, 15.5, ComputeCapability.TURING);

        Fit both = Fitting.of(new FitQuestion(
                gemma,
                file,
                List.of(),
                ServingProfile.seeds(8192).withSequences(1),
                new FitQuestion.Llama(List.of(one, other), Disk.UNKNOWN)));
        Fit single = Fitting.of(new FitQuestion(
                gemma,
                file,
                List.of(),
                ServingProfile.seeds(8192).withSequences(1),
                new FitQuestion.Llama(List.of(gpu(0, 15.6, 14.2, ComputeCapability.TURING)), Disk.UNKNOWN)));

        assertThat(both).isInstanceOf(Fits.class);
        assertThat(single).isInstanceOf(DoesNotFit.class);
    }

    @Test
    void theSharesOfAGpuAddUpToTheCard() {
        Fit fit = ask(Shapes.QWEN_7B, FP16, ServingProfile.seeds(32768), Link.UNKNOWN, free(0));

        GpuShare share = fit.shown().gpus().getFirst();
        long sum = share.others().bytes()
                + share.weights().bytes()
                + share.overhead().bytes()
                + share.kv().bytes()
                + share.left().bytes();
        assertThat(Math.abs(sum - share.usable().bytes())).isLessThan(8);
    }

    @Test
    void twoEnginesOnOneCardMustLeaveRoomForEachOther() {
        assertThat(CardSharing.refusal(gib(23.68), List.of(0.45, 0.45), new ByteSize(0)))
                .isEmpty();
        assertThat(CardSharing.refusal(gib(23.68), List.of(0.90), gib(1))).isPresent();
    }
}
