package dev.rackhouse.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.VmId;
import dev.rackhouse.runbook.CommandText;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.OutlineRules;
import dev.rackhouse.runbook.Step;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PowerRulesTest {

    @ParameterizedTest
    @CsvSource({
        "running, , START, already",
        "running, , SHUTDOWN, ",
        "running, , STOP, ",
        "stopped, , START, ",
        "stopped, , STOP, already",
        "stopped, , SHUTDOWN, already",
        "paused, , START, paused",
        "paused, , SHUTDOWN, paused",
        "paused, , STOP, ",
        "unknown, , START, not known",
        "unknown, , STOP, not known",
        "stopped, backup, START, locked (backup)",
        "running, migrate, STOP, locked (migrate)"
    })
    void saysWhatMayBeDoneInWhichState(String status, String lock, PowerAction action, String refusal) {
        var standing = new PowerRules.Standing(status, lock, false, false, "caraxes");

        if (refusal == null) {
            assertThat(PowerRules.refusal(action, standing)).isEmpty();
        } else {
            assertThat(PowerRules.refusal(action, standing))
                    .hasValueSatisfying(r -> assertThat(r).contains(refusal));
        }
    }

    @ParameterizedTest
    @EnumSource(PowerAction.class)
    void refusesWhatIsATemplateGoneOrNowhere(PowerAction action) {
        assertThat(PowerRules.refusal(action, new PowerRules.Standing("stopped", null, true, false, "n")))
                .isPresent();
        assertThat(PowerRules.refusal(action, new PowerRules.Standing("running", null, false, true, "n")))
                .isPresent();
        assertThat(PowerRules.refusal(action, new PowerRules.Standing("running", null, false, false, null)))
                .isPresent();
    }

    @ParameterizedTest
    @EnumSource(PowerAction.class)
    void canBeResumedAndUndone(PowerAction action) {
        Outline outline = new PowerRunbook().outline(plan(action));

        assertThat(OutlineRules.problems(outline, Set.of("json-absent", "json-equals")))
                .isEmpty();
        assertThat(outline.undoable()).isTrue();
        assertThat(outline.locks()).containsExactly("guest:" + plan(action).guest());
    }

    @Test
    void aStopSaysWhatIsLost() {
        Outline outline = new PowerRunbook().outline(plan(PowerAction.STOP));

        assertThat(outline.title()).isEqualTo("Stop VM 214 (llm-01)");
        assertThat(outline.notes()).singleElement().asString().contains("lost");
        Step stop = outline.steps().getLast();
        assertThat(CommandText.summary(stop.command())).isEqualTo("POST /nodes/caraxes/qemu/214/status/stop");
    }

    private static PowerPlan plan(PowerAction action) {
        LabId lab = LabId.parse("00000000-0000-0000-0000-000000000001");
        return new PowerPlan(
                action,
                new GuestRef(lab, new VmId(214)),
                new NodeRef(lab, "caraxes"),
                GuestKind.QEMU,
                "llm-01",
                PowerPlan.USUAL_PATIENCE);
    }
}
