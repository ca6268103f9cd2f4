package dev.rackhouse.renumbering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.PlanReadiness;
import dev.rackhouse.runbook.RunFinished;
import dev.rackhouse.runbook.RunId;
import dev.rackhouse.runbook.RunState;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.security.access.AccessDeniedException;

/** Which layout is the accepted one: over boots, runs, their undo, and what people say. */
class RenumberingsTest {

    private static final Operator ADA = new Operator("ada", Role.OPERATOR);

    @Test
    void keepsTheFirstLayoutThatIsSeen() {
        SampleRenumberings lab = SampleRenumberings.seenOnce();

        assertThat(place(lab).acceptedBy()).isEmpty();
        assertThat(lab.renumberings.moved(lab.node)).isEmpty();
    }

    @Test
    void followsABootInWhichNothingMoved() {
        SampleRenumberings lab = SampleRenumberings.seenOnce();
        Instant first = place(lab).acceptedAt();

        lab.boots(SampleHosts.changedDump("caraxes", MovedHosts.hardware(line -> line)));

        assertThat(place(lab).acceptedAt()).isAfter(first);
    }

    @Test
    void keepsTheLayoutBeforeAMoveUntilSomebodyActs() {
        SampleRenumberings lab = SampleRenumberings.moved();

        lab.boots(MovedHosts.dumpAfterTheUpdate());

        assertThat(lab.renumberings.moved(lab.node))
                .hasValueSatisfying(c -> assertThat(c.sentence()).contains("moved"));
        assertThat(place(lab).before().bootId())
                .isEqualTo(SampleHosts.facts("caraxes").bootId());
    }

    @Test
    void acceptsTheLayoutOfTodayWhenTheRunIsDone() {
        SampleRenumberings lab = SampleRenumberings.moved();
        start(lab);

        lab.ended(1, RunState.DONE);

        assertThat(lab.renumberings.moved(lab.node)).isEmpty();
        assertThat(place(lab).acceptedBy()).isEqualTo("ada");
    }

    @Test
    void showsTheMoveAgainWhenAFinishedRunWasUndone() {
        SampleRenumberings lab = SampleRenumberings.moved();
        RenumberPlace before = place(lab);
        start(lab);
        lab.ended(1, RunState.DONE);

        lab.ended(1, RunState.UNDONE);

        assertThat(lab.renumberings.moved(lab.node)).isPresent();
        assertThat(place(lab).acceptedAt()).isEqualTo(before.acceptedAt());
        assertThat(place(lab).before()).isEqualTo(before.before());
    }

    @Test
    void showsTheMoveAgainAlsoAfterAQuietBootInBetween() {
        SampleRenumberings lab = SampleRenumberings.moved();
        start(lab);
        lab.ended(1, RunState.DONE);
        lab.boots(MovedHosts.dumpAfterTheUpdate().replace("a-later-boot", "another-boot"));

        lab.ended(1, RunState.UNDONE);

        assertThat(lab.renumberings.moved(lab.node)).isPresent();
    }

    @Test
    void changesNothingWhenARunWasUndoneThatWasNeverDone() {
        SampleRenumberings lab = SampleRenumberings.moved();
        RenumberPlace before = place(lab);
        start(lab);

        lab.ended(1, RunState.UNDONE);
        lab.ended(1, RunState.LEFT);

        assertThat(place(lab).acceptedAt()).isEqualTo(before.acceptedAt());
        assertThat(lab.renumberings.moved(lab.node)).isPresent();
    }

    @Test
    void leavesALayoutAloneThatAPersonAcceptedAfterTheRun() {
        SampleRenumberings lab = SampleRenumberings.moved();
        start(lab);
        lab.ended(1, RunState.DONE);
        lab.renumberings.accept(lab.node, ADA);

        lab.ended(1, RunState.UNDONE);

        assertThat(lab.renumberings.moved(lab.node)).isEmpty();
    }

    @Test
    void takesNoNoticeOfOtherRuns() {
        SampleRenumberings lab = SampleRenumberings.moved();
        start(lab);

        lab.renumberings.on(new RunFinished(new RunId(1), "attach-device", "Give it", "caraxes", "ada", RunState.DONE));

        assertThat(lab.renumberings.moved(lab.node)).isPresent();
    }

    @Test
    void acceptsTheLayoutOfTodayWhenAnOperatorSaysSo() {
        SampleRenumberings lab = SampleRenumberings.moved();

        assertThatThrownBy(() -> lab.renumberings.accept(lab.node, new Operator("vera", Role.VIEWER)))
                .isInstanceOf(AccessDeniedException.class);
        assertThat(lab.renumberings.moved(lab.node)).isPresent();

        lab.renumberings.accept(lab.node, ADA);

        assertThat(lab.renumberings.moved(lab.node)).isEmpty();
        assertThat(lab.audited).containsExactly("ada: device layout accepted, node caraxes");
    }

    private static RenumberPlace place(SampleRenumberings lab) {
        return lab.renumberings.find(lab.node).orElseThrow();
    }

    private static void start(SampleRenumberings lab) {
        RenumberPlace place = place(lab);
        Set<String> ticks = lab.renumberings.diagnose(place, Map.of(), Set.of()).readiness().findings().stream()
                .map(Finding::key)
                .collect(Collectors.toSet());
        if (!(lab.renumberings.diagnose(place, Map.of(), ticks).readiness()
                instanceof PlanReadiness.Ready<RenumberPlan> ready)) {
            throw new AssertionError("There is no plan");
        }
        lab.renumberings.start(ready.plan(), ADA, "");
    }
}
