package dev.rackhouse.passthrough.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Seen;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.inventory.fact.SampleHosts;
import dev.rackhouse.passthrough.NodeChecks;
import dev.rackhouse.passthrough.ReadinessBoard;
import dev.rackhouse.passthrough.Reported;
import dev.rackhouse.passthrough.SamplePassthrough;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person reads what stands in the way on a node, filters it, and has it probed again. */
class ReadinessViewTest extends BrowserlessTest {

    private final SampleChecks checks = new SampleChecks();
    private ReadinessView view;

    @Override
    protected Set<String> scanPackages() {
        return Set.of("dev.rackhouse.nothing");
    }

    @BeforeEach
    void openThePage() {
        view = new ReadinessView(
                checks,
                (node, finding) -> finding.stops() == null
                        ? Optional.empty()
                        : Optional.of(new Span("Shut down " + finding.stops())),
                AT_ONCE);
        UI.getCurrent().add(view);
        view.open(SamplePassthrough.node("caraxes"));
    }

    @Test
    void showsTheChecksWithFactReasonFixAndRawLines() {
        assertThat(text())
                .contains(
                        "Readiness of caraxes",
                        "What the host needs",
                        "0000:07:00.0 -> host9 -> sdb -> pool tank",
                        "Why it matters: Two sides that write to one pool destroy it.",
                        "Export the pool or unmount the filesystem",
                        "0000:05:00.0 100 pid:3120",
                        "Shut down 100",
                        "passed");
    }

    @Test
    void filtersBySeverityAndByTheIdOfACheck() {
        field().setValue("vm.xvga");
        assertThat(text()).contains("VM 102 (win-dev)").doesNotContain("protect.storage");

        field().setValue("");
        select().setValue(ReadinessBoard.Show.BLOCKS);
        assertThat(text()).contains("protect.storage").doesNotContain("vm.xvga");

        field().setValue("no.such");
        assertThat(text()).contains("Nothing here");
    }

    @Test
    void probesAgainWhenAsked() {
        test(find(Button.class).withText("Probe again").single()).click();

        assertThat(checks.probed).isEqualTo(1);
    }

    @Test
    void saysSoWhenTheNodeWasNeverProbedOrIsNotKnown() {
        view.open(SamplePassthrough.node("blank"));
        assertThat(text()).contains("This node was never probed", "Probe");

        view.open(SamplePassthrough.node("vanished"));
        assertThat(text()).contains("No such node has been seen");
    }

    private TextField field() {
        return find(TextField.class).single();
    }

    @SuppressWarnings("unchecked")
    private Select<ReadinessBoard.Show> select() {
        return find(Select.class).single();
    }

    private String text() {
        return view.getElement().getTextRecursively();
    }

    /** The sample host under its name, one that was never probed, and no other. */
    private static final class SampleChecks implements NodeChecks {

        private int probed;

        @Override
        public Optional<Checked> find(NodeRef node) {
            return switch (node.node()) {
                case "caraxes" ->
                    Optional.of(new Checked(
                            node,
                            "Targaryen",
                            true,
                            ReadinessBoard.of(SampleHosts.facts("caraxes"), Reported.NOTHING),
                            new Seen("probe over SSH", Instant.parse("2026-11-21T00:00:00Z")),
                            Verdict.ok()));
                case "blank" -> Optional.of(new Checked(node, "Targaryen", true, null, null, Verdict.ok()));
                default -> Optional.empty();
            };
        }

        @Override
        public Optional<Checked> probe(NodeRef node) {
            probed++;
            return find(node);
        }
    }

    private static final Background AT_ONCE = new Background() {
        @Override
        public <T> void ask(Supplier<T> question, Consumer<T> answered, Consumer<RemoteFailure> failed) {
            answered.accept(question.get());
        }
    };
}
