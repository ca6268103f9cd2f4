package dev.rackhouse.inference.swap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inference.Mode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When the console sees to the desired mode by itself. */
class ModeKeeperTest {

    private final ThorSwaps thor = new ThorSwaps();

    private Optional<SwapPlan> needed() {
        SwapSite site = thor.site();
        Mode desired = site.desired().orElseThrow();
        return ModeKeeper.needed(desired, site);
    }

    private static List<String> names(List<SwapPlan.Member> members) {
        return members.stream().map(m -> m.engine().container()).toList();
    }

    @Test
    void nothingIsToDoWhileTheDesiredSetRuns() {
        assertThat(needed()).isEmpty();
    }

    @Test
    void aRouteThatSomebodyTookOutByHandIsLeftAlone() {
        thor.routes = new ThorSwaps().swapped().routes;

        assertThat(needed()).isEmpty();
    }

    @Test
    void theOtherSetGivesWay() {
        thor.swapped();
        thor.desired = "fast-pair";

        assertThat(needed()).hasValueSatisfying(plan -> {
            assertThat(names(plan.stop())).containsExactly("vllm-32b");
            assertThat(names(plan.start())).containsExactly("vllm-7b", "vllm-14b");
        });
    }

    @Test
    void nothingThatRunsIsStartedAgain() {
        thor.stopped("vllm-7b", List.of(ThorSwaps.GPU0));
        thor.stopped("vllm-14b", List.of(ThorSwaps.GPU1));

        assertThat(needed()).hasValueSatisfying(plan -> {
            assertThat(plan.stop()).isEmpty();
            assertThat(names(plan.start())).containsExactly("vllm-7b", "vllm-14b");
        });
    }

    @Test
    void whenBothSetsCameUpTheCircleOfRestartsIsEndedFirst() {
        thor.put("vllm-32b", List.of(ThorSwaps.GPU0, ThorSwaps.GPU1), "restarting", "vllm-32b", "unless-stopped");

        assertThat(needed()).hasValueSatisfying(plan -> {
            assertThat(names(plan.halt())).containsExactly("vllm-32b");
            assertThat(plan.stop()).isEmpty();
            assertThat(plan.start()).isEmpty();
            assertThat(names(plan.keep())).containsExactly("vllm-7b", "vllm-14b");
        });
    }

    @Test
    void nothingIsDoneOnAMachineThatDoesNotAnswer() {
        thor.troubles.add("thor did not answer.");
        thor.containers.clear();

        assertThat(needed()).isEmpty();
    }
}
