package dev.rackhouse.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.runbook.Command.ApiCall;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An undo that fails may have another one in its place. */
class OtherWayBackTest {

    private static final String DELETE = "DELETE /cluster/mapping/pci/gpu";

    @TempDir
    Path root;

    private EngineTestBed bed;
    private RunId run;

    @BeforeEach
    void aRunWithTwoWaysBackIsDone() {
        bed = new EngineTestBed(root);
        Check mapped =
                Check.that(bed.get("/cluster/mapping/pci/gpu"), Conditions.jsonContains("/description", "rackhouse"));
        ApiCall delete = ApiCall.delete(bed.lab, "/cluster/mapping/pci/gpu");
        run = bed.start(Outline.titled("Pretend")
                .step(
                        "Map the device",
                        ApiCall.post(bed.lab, "/cluster/mapping/pci")
                                .with("id", "gpu")
                                .with("description", "rackhouse"))
                .unless(mapped)
                .undo(
                        Undo.by("Remove the mapping", delete).onlyIf(mapped),
                        Undo.by("Remove it by force", delete).onlyIf(mapped).ifLastFails("the mapping does not go")));
        bed.drive(run);
        bed.node.calls.clear();
    }

    private RunDetails undone() {
        bed.runs().ask(run, RunAction.UNDO, EngineTestBed.ADA, "");
        return bed.drive(run);
    }

    private void refuses() {
        bed.node.failBefore(DELETE, () -> PretendNode.refused(403, "Permission check failed"));
    }

    @Test
    void isNotTakenWhileTheFirstOneWorks() {
        RunDetails undone = undone();

        assertThat(undone.summary().state()).isEqualTo(RunState.UNDONE);
        assertThat(undone.steps().getFirst().state()).isEqualTo(StepState.UNDONE);
        assertThat(bed.node.calls).containsOnlyOnce(DELETE);
    }

    @Test
    void isTakenWhenTheFirstOneFails() {
        refuses();

        RunDetails undone = undone();

        assertThat(undone.summary().state()).isEqualTo(RunState.UNDONE);
        assertThat(bed.node.mappings).isEmpty();
        assertThat(bed.runs().log(run, 0, 100))
                .extracting(RunLogLine::text)
                .contains("Another way is taken: the mapping does not go");
    }

    @Test
    void asksForAPersonWhenItFailsToo() {
        refuses();
        refuses();

        assertThat(undone().summary().state()).isEqualTo(RunState.UNDO_STOPPED);
    }
}
