package dev.rackhouse.passthrough.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.textfield.TextField;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.passthrough.SamplePassthrough;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person creates a VM with the card of caraxes: looks, ticks, changes the name, reads the plan, starts. */
class CreatePassthroughVmInTheBrowserTest extends BrowserlessTest {

    private final SamplePassthrough lab = SamplePassthrough.caraxesAndMeraxes();
    private PassthroughWizardView view;

    @Override
    protected Set<String> scanPackages() {
        return Set.of("dev.rackhouse.nothing");
    }

    @BeforeEach
    void openTheWizard() {
        view = new PassthroughWizardView(
                lab.passthrough,
                () -> Optional.of(new Operator("olga", Role.OPERATOR)),
                (node, finding) -> Optional.empty(),
                AT_ONCE);
        UI.getCurrent().add(view);
        view.open(SamplePassthrough.node("caraxes"), null);
        assertThat(text()).contains("10de:1e81");
    }

    @Test
    void leadsFromTheDeviceToTheLiteralPlan() {
        press("Next");
        assertThat(text()).contains("passed", "The IOMMU is on (ivhd0).", "gpu.boot-vga");
        tickAll();
        press("Next");
        type("Name", "llm-01");
        press("Next");
        assertThat(text()).contains("local-lvm · lvmthin · 300 GiB free");
        press("Next");
        press("Next");

        assertThat(text()).contains("/nodes/caraxes/qemu", "mapping=RTX-2080-SUPER", "llm-01", "Delete VM 103");
        press("Create VM 103 on caraxes");
        assertThat(lab.startedPlans).hasSize(1);
    }

    @Test
    void saysWhatIsMissingInsteadOfAPlan() {
        for (int i = 0; i < 5; i++) {
            press("Next");
        }

        assertThat(text()).contains("There is no plan yet", "To confirm:");
    }

    @Test
    void showsTheMessageBesideTheInput() {
        press("Next");
        press("Next");
        type("Memory in MiB", "99999999");

        TextField memory = field("Memory in MiB");
        assertThat(memory.isInvalid()).isTrue();
        assertThat(memory.getErrorMessage()).contains("64242");
    }

    private void press(String text) {
        test(find(Button.class).withText(text).single()).click();
    }

    private void type(String label, String value) {
        test(field(label)).setValue(value);
    }

    private TextField field(String label) {
        return find(TextField.class).all().stream()
                .filter(f -> label.equals(f.getLabel()))
                .findFirst()
                .orElseThrow();
    }

    private void tickAll() {
        int open;
        do {
            open = lastOpenTicks();
            find(Checkbox.class).all().stream()
                    .filter(b -> !b.getValue() && "I have read this and go on".equals(b.getLabel()))
                    .findFirst()
                    .ifPresent(b -> test(b).click());
        } while (lastOpenTicks() < open);
        assertThat(lastOpenTicks()).isZero();
    }

    private int lastOpenTicks() {
        return (int) find(Checkbox.class).all().stream()
                .filter(b -> !b.getValue() && "I have read this and go on".equals(b.getLabel()))
                .count();
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
}
