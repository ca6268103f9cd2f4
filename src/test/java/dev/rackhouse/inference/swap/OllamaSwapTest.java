package dev.rackhouse.inference.swap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.route.RouterControllers;
import dev.rackhouse.inference.swap.SwapReadiness.Finding;
import dev.rackhouse.inference.swap.SwapReadiness.Ready;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.Step;
import dev.rackhouse.runbook.Undo;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ollama gives way to the large model, and comes back. */
class OllamaSwapTest {

    private final ThorSwaps thor = new ThorSwaps();

    /** The second model of thor's pair is served by Ollama. */
    private SwapSite site() {
        SwapSite site = thor.site();
        return new SwapSite(
                site.place(),
                site.host(),
                site.title(),
                site.modes(),
                site.deployments().stream().map(OllamaSwapTest::byOllama).toList(),
                site.purposes(),
                site.launches(),
                site.weights(),
                site.routes(),
                site.fits(),
                site.starts(),
                site.router(),
                site.doubts(),
                site.heldBy(),
                site.facts());
    }

    private static Deployment byOllama(Deployment d) {
        return !d.id().value().equals("vllm-14b")
                ? d
                : new Deployment(
                        d.id(),
                        d.model(),
                        d.files(),
                        EngineKind.OLLAMA,
                        d.place(),
                        d.gpus(),
                        d.image(),
                        d.port(),
                        d.servedName(),
                        d.modelDirectory(),
                        d.profile(),
                        false);
    }

    private Ready assessed() {
        return (Ready) Swap.assess(SwapDraft.to(ThorSwaps.GUEST, "tensor-parallel-32b"), site());
    }

    @Test
    void saysThatItsRequestsAreNotCounted() {
        assertThat(assessed().findings())
                .extracting(Finding::fact)
                .contains("vllm-14b does not tell what it computes: Ollama counts no requests.");
    }

    @Test
    void withoutARouterNothingWaitsForItsRequests() {
        thor.router = null;

        assertThat(assessed().findings())
                .filteredOn(f -> f.fact().startsWith("vllm-14b does not tell"))
                .singleElement()
                .satisfies(f -> assertThat(f.toString()).contains("cut off when it is stopped"));
    }

    @Test
    void isLoadedAgainOnTheWayBackBeforeItIsProved() {
        Outline outline = new SwapServingMode(RouterControllers.all(), RouterControllers.keyless())
                .outline(assessed().plan());

        List<String> back = outline.steps().stream()
                .filter(s -> s.key().equals("stop-vllm-7b"))
                .findFirst()
                .map(Step::undo)
                .orElseThrow()
                .stream()
                .map(Undo::title)
                .toList();
        assertThat(back)
                .containsSubsequence(
                        "Wait until vllm-14b is ready again", "Load qwen2.5-14b again", "Prove vllm-14b by tokens");
        assertThat(outline.steps().stream().map(Step::key))
                .contains("idle-vllm-7b")
                .doesNotContain("idle-vllm-14b");
    }
}
