package dev.rackhouse.passthrough.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.select.Select;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.GuestRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.passthrough.AttachPlan;
import dev.rackhouse.passthrough.SampleGuestDevices;
import dev.rackhouse.passthrough.SamplePassthrough;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A person gives a device to a VM that exists already. */
class AttachViewTest extends BrowserlessTest {

    private static final String FORCE = "When it does not shut down";

    private final SampleGuestDevices lab = new SampleGuestDevices();
    private Operator operator = new Operator("ada", Role.OPERATOR);
    private AttachView view;

    @Override
    protected Set<String> scanPackages() {
        return Set.of("dev.rackhouse.nothing");
    }

    @Test
    void asksForAVmFirstAndReadsNoneBefore() {
        open(null, "0000:10:00.3", AT_ONCE);

        assertThat(select("VM").isEnabled()).isTrue();
        assertThat(find(Select.class).all()).noneMatch(s -> s.getLabel().equals("Device"));
        assertThat(button()).isEmpty();
    }

    @Test
    void showsChecksAndThenTheLiteralPlan() {
        open(lab.guest(101), "0000:10:00.3", AT_ONCE);
        assertThat(text()).contains("There is no plan yet", "To confirm");

        tickWarnings();

        assertThat(text()).contains("Give 0000:10:00.3 to VM 101", "The VM holds the device");
        assertThat(button()).hasValueSatisfying(b -> assertThat(b.isEnabled()).isTrue());
    }

    @Test
    void offersToForceOnlyAVmThatRuns() {
        open(lab.guest(101), "0000:10:00.3", AT_ONCE);
        assertThat(find(Select.class).all()).noneMatch(s -> s.getLabel().equals(FORCE));

        open(lab.guest(100), "0000:10:00.3", AT_ONCE);
        tickWarnings();
        assertThat(text()).contains("One that is not down after 3 minutes is not forced");

        test(select(FORCE)).selectItem("Wait 3 minutes, then stop it hard");
        assertThat(text()).contains("What it has not written to its disks by then is lost");
        tickWarnings();
        assertThat(text()).contains("One that is not down after 3 minutes is stopped hard");
    }

    @Test
    void letsAViewerLookOnly() {
        operator = new Operator("vera", Role.VIEWER);
        open(lab.guest(101), "0000:10:00.3", AT_ONCE);

        tickWarnings();

        assertThat(button()).hasValueSatisfying(b -> assertThat(b.isEnabled()).isFalse());
        assertThat(lab.started).noneMatch(AttachPlan.class::isInstance);
    }

    @Test
    void saysThatAVmIsGoneOrCouldNotBeRead() {
        open(lab.guest(999), null, AT_ONCE);
        assertThat(text()).contains("VM 999 is not there any more");

        open(lab.guest(101), null, UNREACHABLE);
        assertThat(text()).contains("The VM could not be read", "Could not read the VM: no route");
    }

    private void open(@Nullable GuestRef guest, @Nullable String device, Background background) {
        view = new AttachView(
                lab.devices, () -> Optional.of(operator), (node, finding) -> Optional.empty(), background);
        UI.getCurrent().removeAll();
        UI.getCurrent().add(view);
        view.open(SamplePassthrough.node("caraxes"), guest, device);
    }

    private void tickWarnings() {
        for (List<Checkbox> open = unticked(); !open.isEmpty(); open = unticked()) {
            test(open.getFirst()).click();
        }
    }

    private List<Checkbox> unticked() {
        return find(Checkbox.class).all().stream()
                .filter(b -> b.getLabel().startsWith("I have read") && !b.getValue())
                .toList();
    }

    private Select<?> select(String label) {
        return find(Select.class).all().stream()
                .filter(s -> label.equals(s.getLabel()))
                .findFirst()
                .orElseThrow();
    }

    private Optional<Button> button() {
        return find(Button.class).all().stream()
                .filter(b -> b.getText().startsWith("Give it to VM"))
                .findFirst();
    }

    private String text() {
        return view.getElement().getTextRecursively();
    }

    static final Background AT_ONCE = new Background() {
        @Override
        public <T> void ask(Supplier<T> question, Consumer<T> answered, Consumer<RemoteFailure> failed) {
            answered.accept(question.get());
        }
    };

    static final Background UNREACHABLE = new Background() {
        @Override
        public <T> void ask(Supplier<T> question, Consumer<T> answered, Consumer<RemoteFailure> failed) {
            failed.accept(new RemoteFailure.Unreachable("read the VM", "caraxes", "no route", "Try again.", null));
        }
    };
}
