package dev.rackhouse.inference.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.SpringBrowserlessTest;
import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.H1;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Pre;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.ui.SearchHit;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/** A person looks at models, deployments and modes. */
@ConsoleTest
@AsOperator
class ServingPagesTest extends SpringBrowserlessTest {

    @Autowired
    private Deployments deployments;

    @Autowired
    private ServingSearch search;

    @ParameterizedTest
    @CsvSource({"models, Models", "models/deployments, Deployments", "models/modes, Modes"})
    void opens(String path, String title) {
        UI.getCurrent().navigate(path);

        assertThat($(H1.class).first().getText()).isEqualTo(title);
    }

    private String text() {
        return ((Component) getCurrentView()).getElement().getTextRecursively();
    }

    @Test
    void showsTheModelsThatTheConsoleKnows() {
        UI.getCurrent().navigate("models");

        assertThat(text()).contains("Qwen2.5 32B Instruct", "32.8 B parameters", "awq 4-bit g128 18.0 GiB");
    }

    @Test
    void showsOneModel() {
        UI.getCurrent().navigate(ServingRoutes.model(new ModelId("gemma-4-26b-a4b")));

        assertThat($(H1.class).first().getText()).isEqualTo("Gemma 4 26B-A4B");
        assertThat(text()).contains("The publisher wants the licence accepted", "Where can it run");
    }

    @ParameterizedTest
    @CsvSource({
        "models/nothing, There is no such model",
        "models/NO%20MODEL, There is no such model",
        "models/deployments/nothing, There is no such deployment"
    })
    void saysWhenThereIsNoSuchThing(String path, String words) {
        UI.getCurrent().navigate(path);

        assertThat($(H3.class).all()).extracting(H3::getText).contains(words);
    }

    @Test
    void showsADeploymentsLiteralCommandAndThatItsPlaceWasNotSeen() {
        Deployment deployment = new Deployment(
                new DeploymentId("pages-14b"),
                new ModelId("qwen2.5-14b-instruct"),
                "awq",
                EngineKind.VLLM,
                new PlaceRef.OnHost(new NodeRef(LabId.random(), "somewhere")),
                List.of(new GpuPin("GPU-12345678-0000-4000-8000-000000000000", null)),
                "vllm/vllm-openai:v0.29.0",
                8001,
                "qwen2.5-14b",
                "/srv/hf",
                ServingProfile.seeds(16384),
                false);
        assertThat(deployments.put(deployment)).isInstanceOf(Saved.Stored.class);

        UI.getCurrent().navigate(ServingRoutes.deployment(deployment.id()));

        assertThat($(Pre.class).first().getText())
                .startsWith("docker run -d --name pages-14b")
                .contains("--gpu-memory-utilization 0.90");
        assertThat(text()).contains("Its place or its cards were not seen yet.");
        assertThat(search.search("pages-14", 5))
                .extracting(SearchHit::href)
                .containsExactly("models/deployments/pages-14b");
        deployments.remove(deployment.id());
    }
}
