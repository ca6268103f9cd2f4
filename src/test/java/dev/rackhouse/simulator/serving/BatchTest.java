package dev.rackhouse.simulator.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rackhouse.simulator.serving.Batch.Took;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a pretend engine says that a request took. */
class BatchTest {

    private static final double ROUNDING = 1e-9;

    private static Took asked(double tokensPerSecond, double speed) throws IOException, InterruptedException {
        return new Batch(new Tempo(speed), tokensPerSecond, 4, () -> {})
                .work(400, 8, () -> false, () -> false, _ -> {});
    }

    @Test
    void aBusyComputerDoesNotMakeAFastLabLookSlow() throws Exception {
        Took took = asked(40, 1000);

        assertThat(took.toFirst()).isCloseTo(0.18, within(ROUNDING));
        assertThat(took.perToken()).isCloseTo(1 / 40.0, within(ROUNDING));
        assertThat(took.all()).isCloseTo(0.38, within(ROUNDING));
    }

    @Test
    void aSlowerEngineLooksSlowerByItsShare() throws Exception {
        assertThat(asked(30, 1000).perToken() / asked(40, 1000).perToken()).isCloseTo(4.0 / 3, within(ROUNDING));
    }
}
