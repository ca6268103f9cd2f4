package dev.rackhouse.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.PciAddress;
import dev.rackhouse.base.VmId;
import dev.rackhouse.inference.Place.PlacedGpu;
import dev.rackhouse.inference.Placement.Level;
import dev.rackhouse.inference.Placement.Option;
import dev.rackhouse.inference.fit.ComputeCapability;
import dev.rackhouse.inference.fit.FitQuestion.Disk;
import dev.rackhouse.inference.fit.FitQuestion.Link;
import dev.rackhouse.inference.fit.GpuNow;
import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.inference.fit.UnifiedMemory;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where models of the homelabs could run. */
class PlacementTest {

    private static final ServingProfile WISH = ServingProfile.seeds(16384);
    private static final Place THOR = new Place(
            new PlaceRef.InGuest(new GuestRef(Serving.THOR, new VmId(110))),
            Place.Kind.GUEST,
            "110 ai-inference on thor",
            "thor",
            List.of(gpu(0, 23.68, 23.4, "8.6", null), gpu(1, 23.68, 11.5, "8.6", "vllm-14b")),
            null,
            Link.NVLINK,
            Disk.UNKNOWN,
            true,
            "");
    private static final Place HELIUM = new Place(
            new PlaceRef.OnHost(new NodeRef(Serving.HOME, "helium")),
            Place.Kind.DOCKER_HOST,
            "helium",
            "home",
            List.of(gpu(0, 15.6, 15.5, "7.5", null), gpu(1, 15.6, 15.5, "7.5", null)),
            null,
            Link.UNKNOWN,
            Disk.UNKNOWN,
            true,
            "");
    private static final Place LITHIUM = new Place(
            new PlaceRef.OnHost(new NodeRef(Serving.HOME, "lithium")),
            Place.Kind.MAC,
            "lithium",
            "home",
            List.of(),
            new UnifiedMemory("Apple M3 Ultra", ByteSize.ofGiB(96), 0, new ByteSize(0)),
            Link.UNKNOWN,
            Disk.UNKNOWN,
            true,
            "");

    private static ByteSize gib(double gib) {
        return new ByteSize(Math.round(gib * 1024 * 1024 * 1024));
    }

    private static PlacedGpu gpu(int index, double usable, double free, String capability, @Nullable String holder) {
        List<GpuNow.Holder> holders = holder == null ? List.of() : List.of(new GpuNow.Holder(holder, gib(12.1), true));
        return new PlacedGpu(
                new GpuNow(
                        "GPU-" + index,
                        "GPU " + index,
                        gib(usable),
                        gib(free),
                        ComputeCapability.parse(capability),
                        holders),
                null,
                PciAddress.parse("0000:0" + (index + 1) + ":00.0"));
    }

    private static List<Option> options(String model) {
        Model known = KnownModels.all().stream()
                .filter(m -> m.id().value().equals(model))
                .findFirst()
                .orElseThrow();
        return Placement.options(known, WISH, List.of(THOR, HELIUM, LITHIUM));
    }

    @Test
    void theFreeCardComesFirst() {
        Option best = options("qwen2.5-7b-instruct").getFirst();

        assertThat(best.level()).isEqualTo(Level.NOW);
        assertThat(best.place()).isEqualTo(THOR);
        assertThat(best.gpus()).extracting(g -> g.now().label()).containsExactly("GPU 0");
    }

    @Test
    void saysWhatFreeingACardWouldGive() {
        assertThat(options("qwen2.5-32b-instruct"))
                .filteredOn(o -> o.place().equals(THOR) && o.gpus().size() == 2)
                .singleElement()
                .satisfies(o -> {
                    assertThat(o.level()).isEqualTo(Level.WITH_CHANGES);
                    assertThat(o.ifFreed()).isEqualTo("if you free GPU 1 (vllm-14b holds 12.1 GiB)");
                });
    }

    @Test
    void aCardThatIsTakenIsNoPlaceUntilItIsFreed() {
        assertThat(options("qwen2.5-7b-instruct"))
                .filteredOn(o -> o.place().equals(THOR) && o.gpus().size() == 1 && o.level() != Level.NOW)
                .singleElement()
                .satisfies(o -> assertThat(o.ifFreed()).isEqualTo("if you free GPU 1 (vllm-14b holds 12.1 GiB)"));
    }

    @Test
    void aGgufModelRunsOverTheTwoOldCards() {
        Option onHelium = options("gemma-4-26b-a4b").stream()
                .filter(o -> o.place().equals(HELIUM) && o.gpus().size() == 2)
                .findFirst()
                .orElseThrow();

        assertThat(onHelium.level()).isEqualTo(Level.NOW);
        assertThat(onHelium.engine()).isEqualTo(EngineKind.LLAMA_CPP);
    }

    @Test
    void theLargeModelNeedsAHigherLimitOnTheMac() {
        Option onLithium = options("qwen3.5-122b-a10b").stream()
                .filter(o -> o.place().equals(LITHIUM))
                .findFirst()
                .orElseThrow();

        assertThat(onLithium.level()).isEqualTo(Level.NO);
        assertThat(onLithium.reasons()).anyMatch(r -> r.contains("iogpu.wired_limit_mb"));
    }

    @Test
    void vllmModelsAreNotOfferedOnAMac() {
        assertThat(options("qwen2.5-14b-instruct")).noneMatch(o -> o.place().equals(LITHIUM));
    }

    @Test
    void theEmbeddingModelFitsEverywhere() {
        assertThat(options("nomic-embed-text-v1.5"))
                .filteredOn(o -> o.level() == Level.NOW)
                .extracting(Option::place)
                .contains(THOR, HELIUM, LITHIUM);
    }
}
