package dev.rackhouse.inference.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.SpringBrowserlessTest;
import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.ModelId;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.Saved;
import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.testing.AsOperator;
import dev.rackhouse.testing.ConsoleTest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A person makes, changes and brings back deployments. */
@ConsoleTest
@AsOperator
class DeployPagesTest extends SpringBrowserlessTest {

    private static final DeploymentId ID = new DeploymentId("form-14b");

    @Autowired
    private Deployments deployments;

    private static Deployment deployment(int port) {
        return new Deployment(
                ID,
                new ModelId("qwen2.5-14b-instruct"),
                "awq",
                EngineKind.VLLM,
                new PlaceRef.OnHost(new NodeRef(LabId.parse("00000000-0000-0000-0000-000000000009"), "somewhere")),
                List.of(new GpuPin("GPU-12345678-0000-4000-8000-000000000000", null)),
                "vllm/vllm-openai:v0.29.0",
                port,
                "qwen2.5-14b",
                "/srv/hf",
                ServingProfile.seeds(16384),
                false);
    }

    private String text() {
        return ((Component) getCurrentView()).getElement().getTextRecursively();
    }

    @AfterEach
    void removed() {
        deployments.remove(ID);
    }

    @Test
    void theEmptyFormSaysThatNothingHappensYet() {
        UI.getCurrent().navigate("models/deployments/new");

        assertThat(text()).contains("New deployment", "Storing changes nothing on any machine", "Look at the place");
    }

    @Test
    void aDeploymentIsOpenedForChange() {
        assertThat(deployments.put(deployment(8001))).isInstanceOf(Saved.Stored.class);

        UI.getCurrent().navigate(ServingRoutes.edit(ID));

        assertThat(text()).contains("Change form-14b");
    }

    @Test
    void theHistoryShowsWhatChanged() {
        deployments.put(deployment(8001));
        deployments.put(deployment(8002));

        UI.getCurrent().navigate(ServingRoutes.history(ID));

        assertThat(text()).contains("- port: 8001", "+ port: 8002", "Apply this again…");
    }

    @Test
    void engines_thatRunAlready_areLookedForPlaceByPlace() {
        UI.getCurrent().navigate("models/deployments/found");

        assertThat(text()).contains("Engines that run already");
    }

    @Test
    void aDeploymentThatIsNotThereIsSaid() {
        UI.getCurrent().navigate("models/deployments/nothing/edit");

        assertThat(text()).contains("There is no such deployment");
    }
}
