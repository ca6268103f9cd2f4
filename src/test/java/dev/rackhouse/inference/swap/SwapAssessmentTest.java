package dev.rackhouse.inference.swap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.fit.Fit;
import dev.rackhouse.inference.fit.MemoryPlan;
import dev.rackhouse.inference.live.StartTimes;
import dev.rackhouse.inference.route.RouterAt;
import dev.rackhouse.inference.route.RouterKind;
import dev.rackhouse.inference.route.RoutesNow;
import dev.rackhouse.inference.swap.SwapFacts.Load;
import dev.rackhouse.inference.swap.SwapPlan.Member;
import dev.rackhouse.inference.swap.SwapReadiness.Blocked;
import dev.rackhouse.inference.swap.SwapReadiness.Finding;
import dev.rackhouse.inference.swap.SwapReadiness.Kind;
import dev.rackhouse.inference.swap.SwapReadiness.Ready;
import dev.rackhouse.runbook.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What speaks for and against a swap on thor. */
class SwapAssessmentTest {

    private static final String DEEP = "tensor-parallel-32b";

    private final ThorSwaps thor = new ThorSwaps();

    private static List<String> names(List<Member> members) {
        return members.stream().map(m -> m.engine().container()).toList();
    }

    private List<String> blockers(String mode) {
        assertThat(thor.to(mode)).isInstanceOf(Blocked.class);
        return thor.to(mode).findings().stream()
                .filter(f -> f.kind() == Kind.BLOCKS)
                .map(Finding::fact)
                .toList();
    }

    @Test
    void thePairGivesWayToTheLargeModel() {
        SwapPlan plan = thor.plan(DEEP);

        assertThat(names(plan.stop())).containsExactly("vllm-7b", "vllm-14b");
        assertThat(names(plan.start())).containsExactly("vllm-32b");
        assertThat(plan.staying()).containsExactly(ThorSwaps.id("embed-thor"));
        assertThat(plan.before()).isEqualTo("fast-pair");
        assertThat(plan.router().drain()).containsExactly("qwen2.5-14b", "qwen2.5-7b");
        assertThat(plan.router().off()).containsExactly("qwen2.5-14b", "qwen2.5-7b");
        assertThat(plan.router().active())
                .extracting(r -> r.name() + " " + r.backend())
                .containsExactly("qwen2.5-32b http://127.0.0.1:8002");
        assertThat(plan.start().getFirst().engine().kvTokens()).isBetween(32768L, 87680L);
    }

    @Test
    void saysWhereTheKeyOfLiteLlmIsStored() {
        thor.router = new RouterAt("edge", RouterKind.LITELLM, ThorSwaps.HOST, 4000, 4000, null, null);
        thor.routes = null;

        assertThat(blockers(DEEP)).containsExactly("The key of the router edge is not stored.");
        assertThat(thor.to(DEEP).findings().getLast().fix()).contains("page Modes", "inference file");
    }

    @Test
    void refusesAModeThatTheRouterIsNotSetUpFor() {
        thor.router = new RouterAt("edge", RouterKind.LITELLM, ThorSwaps.HOST, 4000, 4000, null, "router.edge");
        thor.routes = new RoutesNow(List.of(), "");

        SwapReadiness readiness = RouterCheck.of(thor.to(DEEP), ThorSwaps::controller);

        assertThat(readiness).isInstanceOf(Blocked.class);
        assertThat(readiness.findings().getLast().fact())
                .isEqualTo("LiteLLM has no model qwen2.5-32b in its database."
                        + " Add it there once, as openai/qwen2.5-32b at http://127.0.0.1:8002/v1.");
    }

    @Test
    void saysWhenARouterCannotBeAskedLikeAClient() {
        String file = "http:\n  routers:\n    large: { rule: 'Host(`large.lab`)', service: qwen2.5-32b }\n"
                + "  services:\n    qwen2.5-32b: { loadBalancer: { servers: [] } }\n";
        thor.router =
                new RouterAt("edge", RouterKind.TRAEFIK_FILE, ThorSwaps.HOST, 8080, 80, "/etc/traefik/llm.yaml", null);
        thor.routes = ThorSwaps.controller(RouterKind.TRAEFIK_FILE)
                .read(Answer.shell(0, file, ""))
                .orElseThrow();

        SwapReadiness readiness = RouterCheck.of(thor.to(DEEP), ThorSwaps::controller);

        assertThat(readiness).isInstanceOf(Ready.class);
        assertThat(readiness.findings().getLast().fact())
                .isEqualTo("Whether clients reach qwen2.5-32b through edge is not asked.");
    }

    @Test
    void theWayBackIsTheSameTheOtherWayRound() {
        SwapPlan plan = thor.swapped().plan("fast-pair");

        assertThat(names(plan.stop())).containsExactly("vllm-32b");
        assertThat(names(plan.start())).containsExactly("vllm-7b", "vllm-14b");
        assertThat(plan.router().drain()).containsExactly("qwen2.5-32b");
    }

    @Test
    void aModeThatIsOnIsNotSwitchedTo() {
        assertThat(blockers("fast-pair")).containsExactly("Fast pair is on already.");
    }

    @Test
    void engineThatRunsButIsNotRoutedIsCompleted() {
        thor.swapped();
        thor.routes = new ThorSwaps().routes;

        SwapPlan plan = thor.plan(DEEP);

        assertThat(plan.start()).isEmpty();
        assertThat(names(plan.keep())).containsExactly("vllm-32b");
        assertThat(plan.router().off()).containsExactly("qwen2.5-14b", "qwen2.5-7b");
    }

    @Test
    void afterAPowerCutTheDesiredSetIsStarted() {
        thor.stopped("vllm-7b", List.of(ThorSwaps.GPU0));
        thor.stopped("vllm-14b", List.of(ThorSwaps.GPU1));

        SwapPlan plan = thor.plan("fast-pair");

        assertThat(plan.stop()).isEmpty();
        assertThat(names(plan.start())).containsExactly("vllm-7b", "vllm-14b");
    }

    @Test
    void refusesAModeThatDoesNotExist() {
        assertThat(blockers("nothing")).containsExactly("There is no mode nothing for 110 ai-inference on thor.");
    }

    @Test
    void refusesWithoutTheContainerOfTheTarget() {
        thor.containers.remove("vllm-32b");

        assertThat(blockers(DEEP)).containsExactly("There is no container vllm-32b on 110 ai-inference on thor.");
        assertThat(thor.to(DEEP).findings()).anySatisfy(f -> assertThat(f.fix()).isEqualTo("Deploy vllm-32b first."));
    }

    @Test
    void refusesAContainerThatSaysItIsAnotherDeployments() {
        thor.put("vllm-32b", List.of(ThorSwaps.GPU0, ThorSwaps.GPU1), "created", "vllm-70b", "unless-stopped");

        assertThat(blockers(DEEP)).containsExactly("The container vllm-32b says that it is of vllm-70b.");
    }

    @Test
    void takesAContainerWithoutALabelByItsNameImageAndGpus() {
        thor.put("vllm-32b", List.of(ThorSwaps.GPU0, ThorSwaps.GPU1), "created", "", "unless-stopped");

        assertThat(thor.to(DEEP)).isInstanceOf(Ready.class);
    }

    @Test
    void refusesAContainerWithoutALabelOnOtherGpus() {
        thor.put("vllm-32b", List.of(ThorSwaps.GPU0), "created", "", "unless-stopped");

        assertThat(blockers(DEEP))
                .singleElement()
                .asString()
                .startsWith("The container vllm-32b is not as it is registered now");
    }

    @Test
    void aStartIsGivenUpAfterTwiceWhatItTookAtItsSlowest() {
        thor.starts.put(
                new DeploymentId("vllm-32b"),
                new StartTimes(List.of(
                        new StartTimes.Start(Instant.EPOCH, Duration.ofSeconds(200), Map.of()),
                        new StartTimes.Start(Instant.EPOCH, Duration.ofSeconds(100), Map.of()))));

        assertThat(((Ready) thor.to(DEEP)).plan().start())
                .singleElement()
                .satisfies(m -> assertThat(m.engine().budget()).isEqualTo(Duration.ofSeconds(400)));
    }

    @Test
    void refusesAContainerThatWasMadeForOtherCards() {
        thor.put("vllm-32b", List.of(ThorSwaps.GPU0), "created", "vllm-32b", "unless-stopped");

        assertThat(blockers(DEEP))
                .singleElement()
                .asString()
                .startsWith("The container vllm-32b is not as it is registered");
    }

    @Test
    void refusesAContainerThatWouldStartByItself() {
        thor.put("vllm-7b", List.of(ThorSwaps.GPU0), "running", "vllm-7b", "always");

        assertThat(blockers(DEEP)).containsExactly("Docker restarts vllm-7b always.");
    }

    @Test
    void refusesWithoutTheImage() {
        thor.images = Set.of();

        assertThat(blockers(DEEP))
                .containsExactly("The image " + ThorSwaps.VLLM + " is not on 110 ai-inference on thor.");
    }

    @Test
    void refusesWhatDoesNotFit() {
        thor.fits.put(
                new DeploymentId("vllm-32b"),
                new Fit.DoesNotFit(
                        List.of("GPU 0 lacks 2 GiB."), new MemoryPlan(List.of(), 32768, 0, 0, false, ""), List.of()));

        assertThat(blockers(DEEP)).containsExactly("vllm-32b does not fit. GPU 0 lacks 2 GiB.");
    }

    @Test
    void warnsOfATightFit() {
        thor.fits.put(new DeploymentId("vllm-32b"), ThorSwaps.fits(33000, true));

        assertThat(thor.to(DEEP)).isInstanceOf(Ready.class);
        assertThat(thor.to(DEEP).findings()).extracting(Finding::kind).containsExactly(Kind.WARNS);
    }

    @Test
    void namesTheContainerThatWasStartedByHand() {
        thor.put("comfyui", List.of(), "running", "", "always");
        thor.app(ThorSwaps.GPU1, 999, 8000, "python3", "0::/system.slice/docker-" + ThorSwaps.id("comfyui") + ".scope");

        assertThat(blockers(DEEP))
                .containsExactly("The container comfyui, started by hand, holds 8000 MiB on " + ThorSwaps.GPU1 + ".");
    }

    @Test
    void namesTheProcessThatRunsInNoContainer() {
        thor.app(ThorSwaps.GPU0, 777, 500, "/usr/bin/python3", "0::/user.slice");

        assertThat(blockers(DEEP)).singleElement().asString().contains("/usr/bin/python3 (pid 777, 500 MiB)");
    }

    @Test
    void refusesACardThatDoesNotAnswer() {
        thor.cards.set(1, "Unable to determine the device handle for GPU0000:02:00.0: Unknown Error");

        assertThat(blockers(DEEP))
                .containsExactly(
                        "The GPU " + ThorSwaps.GPU1
                                + " does not answer: nvidia-smi says 'Unable to determine the device handle for GPU0000:02:00.0: Unknown Error'.");
    }

    @Test
    void refusesACardThatHasJustFailed() {
        thor.xids.add("[99700.123456] NVRM: Xid (PCI:0000:02:00): 79, pid='<unknown>', GPU has fallen off the bus.");

        assertThat(blockers(DEEP)).singleElement().asString().contains("Xid 79").contains("5 min ago");
    }

    @Test
    void anErrorOfYesterdayIsOver() {
        thor.xids.add("[13600.123456] NVRM: Xid (PCI:0000:02:00): 31, pid=41873, name=VLLM::Worker_TP");

        assertThat(thor.to(DEEP)).isInstanceOf(Ready.class);
    }

    @Test
    void refusesWhenTheRouterDoesNotAnswer() {
        thor.routes = null;

        assertThat(blockers(DEEP)).containsExactly("The router thor-router does not tell its routes.");
    }

    @Test
    void goesOnWithoutARouterAndSaysSo() {
        thor.router = null;

        assertThat(thor.plan(DEEP).router()).isNull();
        assertThat(thor.to(DEEP).findings()).extracting(Finding::kind).containsExactly(Kind.WARNS);
    }

    @Test
    void refusesWhileAnotherRunIsAtWork() {
        thor.heldBy = "Run 12 of ada (Deploy vllm-14b) is at work on the same thing.";

        assertThat(blockers(DEEP)).containsExactly(thor.heldBy);
    }

    @Test
    void refusesWhatCouldNotBeRead() {
        thor.troubles.add("Docker on thor did not answer.");
        thor.containers.clear();

        assertThat(blockers(DEEP)).containsExactly("Docker on thor did not answer.");
    }

    @Test
    void saysWhoIsStillBeingAnswered() {
        thor.loads.put("vllm-7b", new Load(4, 1));

        assertThat(thor.to(DEEP).findings())
                .extracting(Finding::fact)
                .containsExactly("vllm-7b has 4 requests at work and 1 waiting.");
    }

    @Test
    void aNameThatTheRouterDoesNotKnowIsAdded() {
        thor.routes = new RoutesNow(
                thor.routes.routes().stream()
                        .filter(r -> !r.name().equals("qwen2.5-32b"))
                        .toList(),
                "");

        assertThat(thor.plan(DEEP).router().active())
                .extracting(r -> r.backend())
                .containsExactly("http://127.0.0.1:8002");
    }
}
