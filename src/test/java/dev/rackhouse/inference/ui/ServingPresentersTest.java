package dev.rackhouse.inference.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.Mode;
import dev.rackhouse.inference.ModelId;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.fit.Change;
import dev.rackhouse.inference.fit.Fit;
import dev.rackhouse.inference.fit.GpuShare;
import dev.rackhouse.inference.fit.MemoryPlan;
import dev.rackhouse.inference.fit.ServingProfile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the pages show, before there is a page. */
class ServingPresentersTest {

    private static final PlaceRef PLACE = new PlaceRef.OnHost(new NodeRef(LabId.random(), "helium"));

    private static Deployment deployment(String id) {
        return new Deployment(
                new DeploymentId(id),
                new ModelId("m"),
                "awq",
                EngineKind.VLLM,
                PLACE,
                List.of(new GpuPin("GPU-12345678-0000-4000-8000-000000000000", null)),
                "image:1",
                8000,
                "served-" + id,
                "/srv",
                ServingProfile.seeds(8192),
                false);
    }

    private static GpuShare share(String gpu, int others, int weights, int kv) {
        return new GpuShare(
                gpu,
                ByteSize.ofGiB(24),
                ByteSize.ofGiB(others),
                ByteSize.ofGiB(weights),
                ByteSize.ofGiB(1),
                ByteSize.ofGiB(kv),
                ByteSize.ofGiB(Math.max(0, 23 - others - weights - kv)));
    }

    private static Fit fits(GpuShare... shares) {
        return new Fit.Fits(new MemoryPlan(List.of(shares), 8192, 20_000, 2.4, false, ""), List.of());
    }

    @Test
    void aModeShowsEachCardOnceWithAllThatTakeFromIt() {
        Deployment one = deployment("one");
        Deployment two = deployment("two");
        Mode mode = new Mode("m", "Fast pair", PLACE, List.of(one.id(), two.id()), true, false);

        ModeColumn column = ModeColumn.of(
                mode,
                List.of(one, two),
                Map.of(
                        one,
                        fits(share("GPU 0", 1, 9, 4)),
                        two,
                        fits(share("GPU 0", 1, 5, 2), share("GPU 1", 0, 5, 2))));

        assertThat(column.heading()).isEqualTo("now: Fast pair");
        assertThat(column.bars()).extracting(VramBar::label).containsExactly("GPU 0", "GPU 1");
        assertThat(column.bars().getFirst().taken()).isEqualTo(ByteSize.ofGiB(1 + 9 + 1 + 4 + 5 + 1 + 2));
        assertThat(column.bars().getFirst().over()).isFalse();
    }

    @Test
    void aDeploymentWhoseCardsWereNotSeenStillStandsInItsMode() {
        Deployment one = deployment("one");
        Mode mode = new Mode("m", "Alone", PLACE, List.of(one.id()), false, false);

        ModeColumn column = ModeColumn.of(mode, List.of(one), Map.of());

        assertThat(column.heading()).isEqualTo("then: Alone");
        assertThat(column.bars()).isEmpty();
        assertThat(column.lines()).containsExactly(new ModeColumn.Line(one, null));
    }

    @Test
    void aBarThatWantsMoreThanTheCardHasSaysSo() {
        assertThat(VramBar.of(share("GPU 0", 12, 14, 0)).over()).isTrue();
    }

    @Test
    void theWordsOfAFitNameEveryWay() {
        MemoryPlan plan =
                new MemoryPlan(List.of(share("GPU 0", 0, 9, 4)), 4096, 8000, 1.9, false, "Nobody has measured.");
        Fit fit = new Fit.FitsWithChanges(
                List.of("Too long."), List.of(new Fit.Way(List.of(new Change.ShorterContext(32768, 4096)), plan)));

        assertThat(FitShown.words(fit))
                .containsExactly(
                        "Too long.",
                        "It fits with a context of 4,096 tokens instead of 32,768.",
                        "Nobody has measured.");
    }
}
