package dev.rackhouse.renumbering.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.checkbox.Checkbox;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.passthrough.ui.Background;
import dev.rackhouse.renumbering.SampleRenumberings;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person looks where devices went after a firmware update, and has the names put right. */
class RenumberingViewTest extends BrowserlessTest {

    private final SampleRenumberings lab = SampleRenumberings.moved();
    private Operator operator = new Operator("ada", Role.OPERATOR);
    private RenumberingView view;

    @Override
    protected Set<String> scanPackages() {
        return Set.of("dev.rackhouse.nothing");
    }

    @BeforeEach
    void openThePage() {
        open(lab.node);
    }

    private void open(NodeRef node) {
        view = new RenumberingView(
                lab.renumberings, () -> Optional.of(operator), (n, finding) -> Optional.empty(), AT_ONCE);
        UI.getCurrent().removeAll();
        UI.getCurrent().add(view);
        view.open(node);
    }

    @Test
    void showsTheDangersAndWhereEachDeviceWent() {
        assertThat(text())
                .contains(
                        "A name stands for another device",
                        "now names the host's way to the network",
                        "0000:0e:00 · 10de:1e81",
                        "0000:0f:00 · 10de:1e81",
                        "There is no plan yet");
    }

    @Test
    void showsTheLiteralPlanOnceTheWarningsAreTicked() {
        tickEverything();

        assertThat(text()).contains("Let mapping RTX-2080-SUPER name its device again");
        assertThat(start().isEnabled()).isTrue();
    }

    @Test
    void letsAViewerLookOnly() {
        operator = new Operator("vera", Role.VIEWER);
        open(lab.node);

        tickEverything();

        assertThat(start().isEnabled()).isFalse();
        assertThat(find(Button.class)
                        .withText("Accept today's layout without renumbering…")
                        .single()
                        .isEnabled())
                .isFalse();
    }

    @Test
    void saysSoWhenNothingIsKnownOfANode() {
        open(new NodeRef(lab.node.lab(), "vanished"));

        assertThat(text()).contains("The node could not be read", "Probe it first");
    }

    @Test
    void saysWhyANodeCouldNotBeRead() {
        view = new RenumberingView(
                lab.renumberings, () -> Optional.of(operator), (n, finding) -> Optional.empty(), UNREACHABLE);
        view.open(lab.node);

        assertThat(text()).contains("The node could not be read", "Could not read the mappings");
    }

    private void tickEverything() {
        List<Checkbox> open =
                find(Checkbox.class).all().stream().filter(c -> !c.getValue()).toList();
        while (!open.isEmpty()) {
            test(open.getFirst()).click();
            open = find(Checkbox.class).all().stream()
                    .filter(c -> !c.getValue())
                    .toList();
        }
    }

    private Button start() {
        return find(Button.class).withText("Renumber on caraxes").single();
    }

    private String text() {
        return view.getElement().getTextRecursively();
    }

    private static final Background AT_ONCE = new Background() {
        @Override
        public <T> void ask(Supplier<T> question, Consumer<T> answered, Consumer<RemoteFailure> failed) {
            answered.accept(question.get());
        }
    };

    private static final Background UNREACHABLE = new Background() {
        @Override
        public <T> void ask(Supplier<T> question, Consumer<T> answered, Consumer<RemoteFailure> failed) {
            failed.accept(
                    new RemoteFailure.Unreachable("read the mappings", "caraxes", "no route", "Try again.", null));
        }
    };
}
