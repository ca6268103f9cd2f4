package dev.rackhouse.renumbering.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.SpringBrowserlessTest;
import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.router.QueryParameters;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.testing.AsViewer;
import dev.rackhouse.testing.ConsoleTest;
import org.junit.jupiter.api.Test;
import org.springframework.security.test.context.support.WithAnonymousUser;

/** The renumbering page in the whole console: who comes in, and what it says without a node. */
@ConsoleTest
class RenumberingAccessTest extends SpringBrowserlessTest {

    @Test
    @AsViewer
    void saysWhereToOpenItFrom() {
        navigate(RenumberingView.class);

        assertThat(((Component) getCurrentView()).getElement().getTextRecursively())
                .contains("No node is named", "Open this page from a node");
    }

    @Test
    @AsViewer
    void aViewerMayOpenALinkToANodeThatIsGone() {
        open();

        assertThat(find(RenumberingView.class).all()).hasSize(1);
    }

    @Test
    @WithAnonymousUser
    void whoIsNotSignedInSeesNothing() {
        open();

        assertThat(find(RenumberingView.class).all()).isEmpty();
    }

    private static void open() {
        String[] link =
                RenumberRoutes.of(new NodeRef(LabId.random(), "vanished")).split("\\?");
        UI.getCurrent().navigate(link[0], QueryParameters.fromString(link[1]));
    }
}
