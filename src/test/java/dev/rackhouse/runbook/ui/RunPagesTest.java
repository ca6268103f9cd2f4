package dev.rackhouse.runbook.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.SpringBrowserlessTest;
import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Anchor;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.LabId;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.RunFilter;
import dev.rackhouse.runbook.RunId;
import dev.rackhouse.runbook.RunRoutes;
import dev.rackhouse.runbook.RunState;
import dev.rackhouse.runbook.Runbook;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.Start;
import dev.rackhouse.testing.AsOperator;
import dev.rackhouse.testing.AsViewer;
import dev.rackhouse.testing.ConsoleTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A person starts a run, watches it, is asked, decides, and finds it again in the list. */
@ConsoleTest
class RunPagesTest extends SpringBrowserlessTest {

    record Plan(String name) {}

    private static final Operator OTTO = new Operator("otto", Role.OPERATOR);

    @Autowired
    private Runs runs;

    private record Given(Outline outline) implements Runbook<Plan> {
        @Override
        public String name() {
            return "given";
        }

        @Override
        public String title() {
            return "Given";
        }

        @Override
        public int version() {
            return 1;
        }

        @Override
        public Class<Plan> plan() {
            return Plan.class;
        }

        @Override
        public Outline outline(Plan plan) {
            return outline;
        }
    }

    private RunId started(Outline outline) {
        return ((Start.Started) runs.start(new Given(outline), new Plan("x"), OTTO, "to see it")).run();
    }

    private static Outline reachesNobody(String title) {
        return Outline.titled(title)
                .step("Wait a moment", new Command.Pause("a moment", Duration.ZERO))
                .check(
                        "Ask a lab that is not connected",
                        Check.that(Command.ApiCall.get(LabId.random(), "/version"), Conditions.succeeded()));
    }

    @Test
    @AsOperator
    void aRunThatHasStoppedSaysWhyAndOffersWhatCanBeDone() {
        RunId run = started(reachesNobody("Stops by itself"));
        await(() -> runs.get(run).summary().state() == RunState.STOPPED);

        UI.getCurrent().navigate(RunRoutes.run(run));

        assertThat(text()).contains("Stops by itself", "The run has stopped", "not connected", "by otto", "to see it");
        assertThat(buttons()).contains("Retry from here…", "Undo…", "Leave as it is…");
        assertThat(button("Undo…").isEnabled()).isFalse();
        test(button("Leave as it is…")).click();
        assertThat(question()).contains("its locks are freed", "Nothing has been changed so far");
        test(button("Leave as it is")).click();
        assertThat(runs.get(run).summary().state()).isEqualTo(RunState.LEFT);
    }

    @Test
    @AsOperator
    void aRunThatAsksIsApprovedAndEndsWithItsProof() {
        RunId run = started(Outline.titled("Asks first")
                .step("Do it", new Command.Pause("a moment", Duration.ZERO))
                .asks("Is the rack's door closed?"));
        await(() -> runs.get(run).summary().state() == RunState.NEEDS_APPROVAL);

        UI.getCurrent().navigate(RunRoutes.run(run));
        assertThat(text()).contains("A person must approve", "Is the rack's door closed?");
        test(button("Approve…")).click();
        test(button("Approve and go on")).click();
        await(() -> runs.get(run).summary().state() == RunState.DONE);

        UI.getCurrent().navigate(RunRoutes.RUNS);
        UI.getCurrent().navigate(RunRoutes.run(run));
        assertThat(text()).contains("Done and proved", "Nothing had to be changed.");
    }

    @Test
    @AsViewer
    void aViewerSeesTheRunButCannotAct() {
        RunId run = started(reachesNobody("Seen by a viewer"));
        await(() -> runs.get(run).summary().state() == RunState.STOPPED);

        UI.getCurrent().navigate(RunRoutes.run(run));

        assertThat(text()).contains("Seen by a viewer");
        assertThat(button("Retry from here…").isEnabled()).isFalse();
    }

    @Test
    @AsOperator
    void hostileNamesAreShownAsText() {
        RunId run = started(Outline.titled("%s", "<img src=x onerror=alert(1)>")
                .step("<b>x</b>", new Command.Pause("a", Duration.ZERO)));
        await(() -> runs.get(run).summary().state() == RunState.DONE);

        UI.getCurrent().navigate(RunRoutes.run(run));

        assertThat(text()).contains("<img src=x onerror=alert(1)>", "<b>x</b>");
        assertThat(((Component) getCurrentView()).getElement().getOuterHTML()).doesNotContain("<img src=x");
    }

    @Test
    @AsOperator
    void theListFindsRunsByTextAndState() {
        RunId run = started(Outline.titled("A needle in the list").step("x", new Command.Pause("a", Duration.ZERO)));
        await(() -> runs.get(run).summary().state() == RunState.DONE);

        navigate(RunsView.class);

        assertThat(text()).contains("Runs", "run");
        assertThat(runs.list(
                        new RunFilter(java.util.Set.of(RunState.DONE), "given", "otto", null, "NEEDLE", null, null),
                        0,
                        10))
                .singleElement()
                .returns(run, r -> r.id());
        assertThat(runs.count(new RunFilter(java.util.Set.of(RunState.LEFT), null, null, null, "needle", null, null)))
                .isZero();
    }

    @Test
    @AsOperator
    void aRunThatIsNotThereSaysSo() {
        UI.getCurrent().navigate("runs/999999");

        assertThat(text()).contains("There is no such run");
        assertThat(findInView(Anchor.class).all())
                .anyMatch(link -> link.getHref().equals(RunRoutes.RUNS));
        UI.getCurrent().navigate("runs/nonsense");
        assertThat(text()).contains("There is no such run");
    }

    private List<String> buttons() {
        return find(Button.class).all().stream().map(Button::getText).toList();
    }

    private Button button(String caption) {
        return find(Button.class).all().stream()
                .filter(b -> b.getText().equals(caption))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no button " + caption + " among " + buttons()));
    }

    private String text() {
        return ((Component) getCurrentView()).getElement().getTextRecursively();
    }

    private String question() {
        return find(Dialog.class).single().getElement().getTextRecursively();
    }

    private static void await(BooleanSupplier so) {
        Instant deadline = Instant.now().plusSeconds(60);
        while (!so.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(deadline);
            LockSupport.parkNanos(50_000_000);
        }
    }
}
