package dev.rackhouse.preparation.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.checkbox.Checkbox;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.passthrough.ui.Background;
import dev.rackhouse.preparation.SamplePreparations;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person prepares the bare host: sees what is suggested, reads what the reboot may bring, reads the plan, starts. */
class PrepareHostOnThePageTest extends BrowserlessTest {

    private final SamplePreparations samples = new SamplePreparations("generic/before");
    private PreparationView view;

    @Override
    protected Set<String> scanPackages() {
        return Set.of("dev.rackhouse.nothing");
    }

    @BeforeEach
    void openThePage() {
        view = new PreparationView(
                samples.preparation,
                () -> Optional.of(new Operator("olga", Role.OPERATOR)),
                (node, finding) -> Optional.empty(),
                AT_ONCE);
        UI.getCurrent().add(view);
        view.open(SamplePreparations.site("generic/before").node(), null, null);
    }

    @Test
    void leadsFromTheWishesToTheLiteralPlan() {
        assertThat(text()).contains("It is off. Without it no device can be given to a guest.");
        press("Next");
        assertThat(text()).contains("reboot.way-in", "CT 101 (rag-api)");
        tickAll();
        press("Next");

        assertThat(text())
                .contains(
                        "+ GRUB_CMDLINE_LINUX_DEFAULT=",
                        "intel_iommu=on",
                        "update-initramfs -u -k all",
                        "systemctl reboot");
        press("Prepare pve; asks before it reboots");
        assertThat(samples.startedPlans).hasSize(1);
    }

    @Test
    void saysWhatIsMissingInsteadOfAPlan() {
        press("Next");
        press("Next");

        assertThat(text()).contains("There is no plan yet", "To confirm:");
    }

    private void tickAll() {
        while (true) {
            Optional<Checkbox> open = find(Checkbox.class).all().stream()
                    .filter(box -> box.getLabel().startsWith("I have read") && !box.getValue())
                    .findFirst();
            if (open.isEmpty()) {
                return;
            }
            test(open.get()).click();
        }
    }

    private void press(String button) {
        test(find(Button.class).withText(button).single()).click();
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
