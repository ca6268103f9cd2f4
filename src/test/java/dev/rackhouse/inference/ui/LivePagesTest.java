package dev.rackhouse.inference.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.SpringBrowserlessTest;
import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.Pre;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.Deployments;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.ModelId;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.Saved;
import dev.rackhouse.inference.fit.ServingProfile;
import dev.rackhouse.inference.live.SeenEngines;
import dev.rackhouse.inference.live.Standings;
import dev.rackhouse.testing.AsOperator;
import dev.rackhouse.testing.ConsoleTest;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A person sees how engines stand now. */
@ConsoleTest
@AsOperator
class LivePagesTest extends SpringBrowserlessTest {

    @Autowired
    private Deployments deployments;

    @Autowired
    private Standings standings;

    private final Deployment deployment = new Deployment(
            new DeploymentId("live-14b"),
            new ModelId("qwen2.5-14b-instruct"),
            "awq",
            EngineKind.VLLM,
            new PlaceRef.OnHost(new NodeRef(LabId.random(), "somewhere")),
            List.of(new GpuPin("GPU-12345678-0000-4000-8000-000000000000", null)),
            "vllm/vllm-openai:v0.29.0",
            8001,
            "qwen2.5-14b-live",
            "/srv/hf",
            ServingProfile.seeds(16384),
            false);

    @BeforeEach
    void deploys() {
        assertThat(deployments.put(deployment)).isInstanceOf(Saved.Stored.class);
    }

    @AfterEach
    void removes() {
        deployments.remove(deployment.id());
    }

    private SeenEngines seen() {
        return new SeenEngines(standings, deployment);
    }

    private String text() {
        return ((Component) getCurrentView()).getElement().getTextRecursively();
    }

    private List<String> badges() {
        return $(StatusBadge.class).all().stream()
                .map(b -> b.getElement().getTextRecursively())
                .toList();
    }

    @Test
    void theListTellsHowFastItIsAndWhoWaits() {
        seen().busy(Instant.now());

        UI.getCurrent().navigate("models/deployments");

        assertThat(badges()).contains("busy");
        assertThat(text()).contains("somewhere", "84", "4 running, 1 waiting", "25 %");
    }

    @Test
    void onePageTellsItsStartItsFiguresAndTheEndOfItsLog() {
        seen().busy(Instant.now());

        UI.getCurrent().navigate(ServingRoutes.deployment(deployment.id()));

        assertThat(text())
                .contains(
                        "It makes 84 tokens/s for 4 requests, 1 waits.", "Ready after 1 min", "weights", "30 s", "kv");
        assertThat($(Pre.class).first().getText()).contains("Application startup complete.");
    }

    @Test
    void aStartUnderWayShowsWhatItDoesNow() {
        seen().loading(Instant.now());

        UI.getCurrent().navigate(ServingRoutes.deployment(deployment.id()));

        assertThat(badges()).contains("loading");
        assertThat(text()).contains("It loads weights, 30 s of about 150 s.", "Under way for");
    }

    @Test
    void aDeadEngineTellsItsCauseAndWhatHelps() {
        seen().failed(Instant.now());

        UI.getCurrent().navigate(ServingRoutes.deployment(deployment.id()));

        assertThat(badges()).contains("dead");
        assertThat(text())
                .contains(
                        "Only 6.12 of 23.68 GiB were free, and the profile wants 21.31 GiB.",
                        "Something else holds memory on the GPU");
    }

    @Test
    void aLostPlaceKeepsItsFiguresAsStale() {
        SeenEngines engines = seen();
        engines.busy(Instant.now().minusSeconds(600));
        engines.lost(Instant.now(), "No route to host.");

        UI.getCurrent().navigate(ServingRoutes.deployment(deployment.id()));

        assertThat(badges()).contains("stale");
        assertThat(text()).contains("Last seen 10 min ago, busy. No route to host.", "84");
    }

    @Test
    void nobodyHasLookedIsUnknownAndNotZero() {
        UI.getCurrent().navigate("models/deployments");

        assertThat(badges()).contains("unknown");
        assertThat(text()).contains("Nobody has looked yet.");
    }

    @Test
    void theModelSaysWhereItRunsNow() {
        seen().busy(Instant.now());

        UI.getCurrent().navigate(ServingRoutes.model(deployment.model()));

        assertThat(text()).contains("Where it runs now", "live-14b", "84");
    }
}
