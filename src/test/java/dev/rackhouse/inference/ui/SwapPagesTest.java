package dev.rackhouse.inference.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.SpringBrowserlessTest;
import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.H1;
import com.vaadin.flow.component.html.H3;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.Mode;
import dev.rackhouse.inference.ModelId;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.testing.AsOperator;
import dev.rackhouse.testing.AsViewer;
import dev.rackhouse.testing.ConsoleTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A person goes from the modes to the page that switches to one of them. */
@ConsoleTest
class SwapPagesTest extends SpringBrowserlessTest {

    @Autowired
    private Deployments deployments;

    private final String name = "swap-" + UUID.randomUUID().toString().substring(0, 8);

    private void aMode() {
        PlaceRef place = new PlaceRef.OnHost(new NodeRef(LabId.random(), "somewhere"));
        deployments.put(new Deployment(
                new DeploymentId(name),
                new ModelId("qwen2.5-14b-instruct"),
                "awq",
                EngineKind.VLLM,
                place,
                List.of(new GpuPin("GPU-12345678-0000-4000-8000-000000000000", null)),
                "vllm/vllm-openai:v0.29.0",
                8001,
                name,
                "/srv/hf",
                ServingProfile.seeds(16384),
                false));
        deployments.put(new Mode(name, name, place, List.of(new DeploymentId(name)), false, false));
    }

    private Button button() {
        return $(Button.class).all().stream()
                .filter(b -> b.getText().equals("Switch to " + name + "…"))
                .findFirst()
                .orElseThrow();
    }

    private String text() {
        return ((Component) getCurrentView()).getElement().getTextRecursively();
    }

    @Test
    @AsOperator
    void anOperatorIsLedToThePageOfTheSwap() {
        aMode();
        UI.getCurrent().navigate("models/modes");

        test(button()).click();

        assertThat($(H1.class).all()).extracting(H1::getText).containsExactly("Switch to " + name);
        assertThat(text()).contains("then: " + name, "cut them off", "What speaks for and against it");
    }

    @Test
    @AsOperator
    void saysWhenThereIsNoSuchMode() {
        UI.getCurrent().navigate(ServingRoutes.swap("nothing"));

        assertThat($(H3.class).all()).extracting(H3::getText).contains("There is no such mode");
    }

    @Test
    @AsViewer
    void aViewerSeesTheModesAndCannotSwitch() {
        UI.getCurrent().navigate("models/modes");

        assertThat($(Button.class).all().stream().filter(b -> b.getText().startsWith("Switch to ")))
                .allMatch(b -> !b.isEnabled());
    }
}
