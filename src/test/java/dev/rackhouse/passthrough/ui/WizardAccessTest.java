package dev.rackhouse.passthrough.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.SpringBrowserlessTest;
import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.router.QueryParameters;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.testing.AsOperator;
import dev.rackhouse.testing.AsViewer;
import dev.rackhouse.testing.ConsoleTest;
import org.junit.jupiter.api.Test;
import org.springframework.security.test.context.support.WithAnonymousUser;

/** The wizard in the whole console: who comes in, and what it says without a node that could get a VM. */
@ConsoleTest
class WizardAccessTest extends SpringBrowserlessTest {

    @Test
    @AsViewer
    void aViewerMayLookAtPlans() {
        navigate(PassthroughWizardView.class);

        assertThat(text()).contains("Create passthrough VM", "Nothing is touched before the last page");
    }

    @Test
    @AsOperator
    void aLinkToANodeThatIsGoneSaysSo() {
        String[] link = PassthroughRoutes.create(new NodeRef(LabId.random(), "vanished"), "0000:0e:00")
                .split("\\?");
        UI.getCurrent().navigate(link[0], QueryParameters.fromString(link[1]));

        assertThat(find(PassthroughWizardView.class).all()).hasSize(1);
        assertThat(text()).contains("vanished");
    }

    @Test
    @AsViewer
    void aViewerMayReadWhatStandsInTheWayOfANode() {
        UI.getCurrent().navigate(PassthroughRoutes.readiness(new NodeRef(LabId.random(), "vanished")));

        assertThat(find(ReadinessView.class).all()).hasSize(1);
        assertThat(text()).contains("No such node has been seen");
    }

    @Test
    @WithAnonymousUser
    void whoIsNotSignedInSeesNothing() {
        UI.getCurrent().navigate(PassthroughRoutes.NEW);
        UI.getCurrent().navigate(PassthroughRoutes.readiness(new NodeRef(LabId.random(), "vanished")));

        assertThat(find(PassthroughWizardView.class).all()).isEmpty();
        assertThat(find(ReadinessView.class).all()).isEmpty();
    }

    private String text() {
        return ((Component) getCurrentView()).getElement().getTextRecursively();
    }
}
