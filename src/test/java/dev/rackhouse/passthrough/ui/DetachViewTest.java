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
import dev.rackhouse.passthrough.SampleGuestDevices;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A person takes a device back from a VM. */
class DetachViewTest extends BrowserlessTest {

    private final SampleGuestDevices lab = new SampleGuestDevices();
    private Operator operator = new Operator("ada", Role.OPERATOR);
    private DetachView view;

    @Override
    protected Set<String> scanPackages() {
        return Set.of("dev.rackhouse.nothing");
    }

    @Test
    void showsTheLiteralPlanForTheOnlyDeviceOfAStoppedVm() {
        open(lab.guest(101), AttachViewTest.AT_ONCE);

        assertThat(text()).contains("Take hostpci0 from VM 101", "The name RTX-2080-SUPER stays");
        assertThat(button()).hasValueSatisfying(b -> assertThat(b.isEnabled()).isTrue());
        assertThat(labels()).containsExactly("Device");
    }

    @Test
    @SuppressWarnings("unchecked")
    void warnsOfTheDowntimeOfARunningVmAndForcesItOnlyWhenChosen() {
        open(lab.guest(100), AttachViewTest.AT_ONCE);
        assertThat(text()).contains("There is no plan yet");
        tickWarnings();
        assertThat(text()).contains("One that is not down after 3 minutes is not forced");

        test(find(Select.class).all().stream()
                        .filter(s -> s.getLabel().equals("When it does not shut down"))
                        .findFirst()
                        .orElseThrow())
                .selectItem("Wait 15 minutes, then stop it hard");
        assertThat(button()).isEmpty();
        tickWarnings();

        assertThat(text()).contains("One that is not down after 15 minutes is stopped hard");
    }

    @Test
    void letsAViewerLookOnly() {
        operator = new Operator("vera", Role.VIEWER);

        open(lab.guest(101), AttachViewTest.AT_ONCE);

        assertThat(button()).hasValueSatisfying(b -> assertThat(b.isEnabled()).isFalse());
    }

    @Test
    void saysThatAVmIsGoneOrCouldNotBeRead() {
        open(lab.guest(999), AttachViewTest.AT_ONCE);
        assertThat(text()).contains("This guest is not there any more");

        open(lab.guest(101), AttachViewTest.UNREACHABLE);
        assertThat(text()).contains("The VM could not be read", "Could not read the VM: no route");
    }

    private void open(GuestRef guest, Background background) {
        view = new DetachView(lab.devices, () -> Optional.of(operator), background);
        UI.getCurrent().removeAll();
        UI.getCurrent().add(view);
        view.open(guest);
    }

    private void tickWarnings() {
        for (List<Checkbox> open = unticked(); !open.isEmpty(); open = unticked()) {
            test(open.getFirst()).click();
        }
    }

    private List<Checkbox> unticked() {
        return find(Checkbox.class).all().stream().filter(b -> !b.getValue()).toList();
    }

    private List<String> labels() {
        return find(Select.class).all().stream().map(s -> s.getLabel()).toList();
    }

    private Optional<Button> button() {
        return find(Button.class).all().stream()
                .filter(b -> b.getText().startsWith("Take it from VM"))
                .findFirst();
    }

    private String text() {
        return view.getElement().getTextRecursively();
    }
}
