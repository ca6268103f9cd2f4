package dev.rackhouse.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.rehearsal.CrashCommand;
import org.junit.jupiter.api.Test;

/** kill -9 of the console in mid-run, a few times; {@code ./rackhouse crash} plays more. */
class ConsoleIsKilledIT {

    @Test
    void runsGoOnAfterAKillAndNothingHappensTwice() throws Exception {
        CrashCommand.Outcome outcome = CrashCommand.play(2, 7);

        assertThat(outcome.doubleEffects()).isZero();
        assertThat(outcome.unfinished()).isZero();
    }
}
