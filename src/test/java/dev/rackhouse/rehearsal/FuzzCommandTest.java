package dev.rackhouse.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.passthrough.Fuzz;
import dev.rackhouse.passthrough.FuzzedRunbook;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Made hosts against every runbook that gives devices away, takes them or writes about them; {@code ./rackhouse fuzz} makes many more. */
class FuzzCommandTest {

    @Test
    void noRunbookPlansOrNamesWhatAHostNeeds() {
        String printed = fuzz(150);

        assertThat(printed).contains("hosts 150 drafts ").endsWith("violations 0\n");
        for (FuzzedRunbook runbook : FuzzCommand.RUNBOOKS) {
            assertThat(printed).as("not one outline").doesNotContain(runbook.name() + " 0");
        }
    }

    private static String fuzz(int hosts) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        Fuzz.run(List.of("--hosts", Integer.toString(hosts)), FuzzCommand.RUNBOOKS, out, out);
        return printed.toString(StandardCharsets.UTF_8);
    }
}
