package dev.rackhouse.inference.swap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inference.swap.SwapPlan.Member;
import dev.rackhouse.inference.swap.SwapReadiness.Blocked;
import dev.rackhouse.inference.swap.SwapReadiness.Finding;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which engines sleep while another mode serves, and which are stopped all the same. */
class SleepersTest {

    private static final String DEEP = "tensor-parallel-32b";

    private final ThorSwaps thor = new ThorSwaps();

    @BeforeEach
    void smallEmbeddingServer() {
        thor.stopped("embed-thor", List.of(ThorSwaps.GPU0));
        thor.up("embed-thor", List.of(ThorSwaps.GPU0), 560, "llama-server");
        thor.cards.clear();
        thor.cards.add(ThorSwaps.GPU0 + ", 00000000:01:00.0, NVIDIA GeForce RTX 3090, 24576, 20361, 3890");
        thor.cards.add(ThorSwaps.GPU1 + ", 00000000:02:00.0, NVIDIA GeForce RTX 3090, 24576, 12101, 12150");
    }

    private static List<String> sleeping(List<Member> members) {
        return members.stream()
                .filter(Member::sleeps)
                .map(m -> m.engine().container())
                .toList();
    }

    private List<String> facts(String mode) {
        return thor.to(mode).findings().stream().map(Finding::fact).toList();
    }

    @Test
    void bothOfThePairSleepWhereTheyMayAndThereIsRoom() {
        thor.maySleep(14, "vllm-7b").maySleep(9, "vllm-14b");

        SwapPlan plan = thor.plan(DEEP);

        assertThat(sleeping(plan.stop())).containsExactly("vllm-7b", "vllm-14b");
        assertThat(sleeping(plan.start())).isEmpty();
        assertThat(facts(DEEP))
                .contains("vllm-7b is put to sleep instead of being stopped.")
                .contains("vllm-14b is put to sleep instead of being stopped.");
    }

    @Test
    void nobodySleepsUnasked() {
        assertThat(sleeping(thor.plan(DEEP).stop())).isEmpty();
        assertThat(facts(DEEP)).noneMatch(f -> f.contains("sleep"));
    }

    @Test
    void anEngineThatWasStartedWithoutTheModeIsStopped() {
        thor.maySleep(14, "vllm-7b");
        thor.maySleep.clear();
        thor.put("vllm-7b", List.of(ThorSwaps.GPU0), "running", "vllm-7b", "unless-stopped");

        assertThat(sleeping(thor.plan(DEEP).stop())).isEmpty();
        assertThat(facts(DEEP))
                .contains("vllm-7b may sleep, but is stopped: its container was made without sleep mode."
                        + " Deploy it again, then it can.");
    }

    @Test
    void anEngineThatDoesNotTellIsStopped() {
        thor.maySleep(14, "vllm-7b").sleeping.clear();

        assertThat(sleeping(thor.plan(DEEP).stop())).isEmpty();
        assertThat(facts(DEEP)).contains("vllm-7b may sleep, but is stopped: it does not answer at /is_sleeping.");
    }

    @Test
    void onlyAsManySleepAsMainMemoryHolds() {
        thor.maySleep(14, "vllm-7b").maySleep(9, "vllm-14b");
        thor.freeRamMiB = 24L * 1024;

        assertThat(sleeping(thor.plan(DEEP).stop())).containsExactly("vllm-7b");
        assertThat(facts(DEEP))
                .contains("vllm-14b may sleep, but is stopped: 9 GiB of weights want 15.5 GiB of free main memory to be"
                        + " safe, and 3 GiB are left.");
    }

    @Test
    void memoryThatWasNotToldIsNotTakenForFree() {
        thor.maySleep(14, "vllm-7b").freeRamMiB = -1;

        assertThat(sleeping(thor.plan(DEEP).stop())).isEmpty();
    }

    @Test
    void anEngineIsStoppedWhereWhatItKeepsIsMissingForTheNewSet() {
        thor.maySleep(14, "vllm-7b").maySleep(9, "vllm-14b");
        thor.stopped("embed-thor", List.of(ThorSwaps.GPU0));
        thor.up("embed-thor", List.of(ThorSwaps.GPU0), 1500, "llama-server");
        thor.cards.set(0, ThorSwaps.GPU0 + ", 00000000:01:00.0, NVIDIA GeForce RTX 3090, 24576, 21301, 2950");

        assertThat(sleeping(thor.plan(DEEP).stop())).containsExactly("vllm-14b");
        assertThat(facts(DEEP))
                .anySatisfy(fact -> assertThat(fact)
                        .startsWith(
                                "vllm-7b may sleep, but is stopped: what it would keep on NVIDIA GeForce RTX 3090 at"
                                        + " 0000:01:00.0 leaves")
                        .endsWith("too little for the new set."));
    }

    @Test
    void sleepersAreWokenAndNotTakenForForeign() {
        thor.swapped();
        thor.asleep("vllm-7b", List.of(ThorSwaps.GPU0), 690).asleep("vllm-14b", List.of(ThorSwaps.GPU1), 690);

        SwapPlan plan = thor.plan("fast-pair");

        assertThat(sleeping(plan.start())).containsExactly("vllm-7b", "vllm-14b");
        assertThat(plan.asleep()).isEmpty();
        assertThat(plan.staying()).containsExactly(ThorSwaps.id("embed-thor"));
        assertThat(plan.router().retryAfterSeconds()).isEqualTo(30);
    }

    @Test
    void theModeIsOnThoughTheOtherSleepsBesideIt() {
        thor.swapped();
        thor.asleep("vllm-7b", List.of(ThorSwaps.GPU0), 690).asleep("vllm-14b", List.of(ThorSwaps.GPU1), 690);

        assertThat(thor.to(DEEP)).isInstanceOf(Blocked.class);
        assertThat(facts(DEEP)).containsExactly("32B tensor parallel is on already.");
    }

    @Test
    void whoSleepsStaysAsleepWhileTheLargeOneIsStarted() {
        thor.swapped();
        thor.asleep("vllm-7b", List.of(ThorSwaps.GPU0), 690).asleep("vllm-14b", List.of(ThorSwaps.GPU1), 690);
        thor.stopped("vllm-32b", List.of(ThorSwaps.GPU0, ThorSwaps.GPU1));
        thor.cards.clear();
        thor.cards.add(ThorSwaps.GPU0 + ", 00000000:01:00.0, NVIDIA GeForce RTX 3090, 24576, 1251, 23000");
        thor.cards.add(ThorSwaps.GPU1 + ", 00000000:02:00.0, NVIDIA GeForce RTX 3090, 24576, 691, 23560");

        SwapPlan plan = thor.plan(DEEP);

        assertThat(plan.stop()).isEmpty();
        assertThat(plan.halt()).isEmpty();
        assertThat(plan.asleep()).containsExactlyInAnyOrder(ThorSwaps.id("vllm-7b"), ThorSwaps.id("vllm-14b"));
    }

    @Test
    void aSleeperThatHoldsItsCardIsInTheWay() {
        thor.swapped();
        thor.asleep("vllm-7b", List.of(ThorSwaps.GPU0), 19800);

        assertThat(facts("fast-pair"))
                .contains("vllm-7b says that it sleeps, and holds 19800 MiB of " + ThorSwaps.GPU0 + ".");
    }

    @Test
    void theDesiredModeWhoseEnginesSleepIsSeenTo() {
        thor.swapped().desired = "fast-pair";
        thor.asleep("vllm-7b", List.of(ThorSwaps.GPU0), 690).asleep("vllm-14b", List.of(ThorSwaps.GPU1), 690);

        SwapPlan plan = ModeKeeper.needed(thor.site().mode("fast-pair").orElseThrow(), thor.site())
                .orElseThrow();

        assertThat(sleeping(plan.start())).containsExactly("vllm-7b", "vllm-14b");
    }
}
