package dev.rackhouse.lab.ui;

import static dev.rackhouse.testing.TlsServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.SpringBrowserlessTest;
import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.textfield.PasswordField;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import dev.rackhouse.lab.Lab;
import dev.rackhouse.lab.LabAdministration;
import dev.rackhouse.lab.Labs;
import dev.rackhouse.proxmox.Fingerprint;
import dev.rackhouse.testing.AsAdmin;
import dev.rackhouse.testing.AsViewer;
import dev.rackhouse.testing.ConsoleTest;
import dev.rackhouse.testing.TlsServer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A person connects a lab to the console, looks at it, and removes it. */
@ConsoleTest
class LabScreensTest extends SpringBrowserlessTest {

    @Autowired
    private Labs labs;

    @Autowired
    private LabAdministration administration;

    @Test
    @AsViewer
    void aViewerSeesTheLabsButConnectsNone() {
        navigate(LabsView.class);

        assertThat(button("Connect a lab").isEnabled()).isFalse();
        UI.getCurrent().navigate(LabRoutes.connect());
        assertThat(getCurrentView()).isNotInstanceOf(ConnectLabView.class);
    }

    @Test
    @AsAdmin
    void anAdminConnectsALabStepByStepAndRemovesIt() {
        try (TlsServer server = TlsServer.answering(LabScreensTest::answer)) {
            navigate(ConnectLabView.class);
            field("Name").setValue("Screens");
            find(TextArea.class)
                    .withCaption("Addresses of Proxmox, one per line")
                    .single()
                    .setValue(server.url().toString());
            press("Look there");
            eventually("Exactly these certificates");
            assertThat(text()).contains(Fingerprint.of(server.certificate()).toString());

            press("Trust and go on");
            eventually("Compare the fingerprint first");
            find(Checkbox.class)
                    .withCaption("I have compared the fingerprint")
                    .single()
                    .setValue(true);
            press("Trust and go on");
            eventually("pveum role add RackhouseRead");

            find(PasswordField.class).withCaption("Secret").single().setValue("wrong");
            press("Check the token");
            eventually("Authentication failed!");
            find(PasswordField.class).withCaption("Secret").single().setValue("s3cret");
            press("Check the token");
            eventually("authorized_keys");
            assertThat(find(Button.class).withCaption("Enter caraxes").all()).hasSize(1);

            press("Go on without hosts");
            eventually("The test only reads");
            assertThat(button("Connect Screens").isEnabled()).isFalse();
            press("Test");
            eventually("RackhouseOperate");
            assertThat(text()).contains("VM.PowerMgmt on /vms", "pveum role modify RackhouseOperate");
            press("Connect Screens");

            assertThat(getCurrentView()).isInstanceOf(LabView.class);
            assertThat(text()).contains("Screens", server.url().toString(), "rackhouse@pve!console");
            Lab lab = labs.list().stream()
                    .filter(l -> l.name().equals("Screens"))
                    .findFirst()
                    .orElseThrow();
            labs.proxmox(lab.id()).version();
            navigate(LabsView.class);
            assertThat(text()).contains("Screens", "no host by SSH");
            administration.remove(lab.id());
        }
    }

    private static String answer(TlsServer.Request request) {
        if (!request.header("Authorization").endsWith("=s3cret")) {
            return TlsServer.bare("401 Authentication failed!");
        }
        return json(
                "200 OK",
                switch (request.target()) {
                    case "/api2/json/version" -> "{\"data\":{\"version\":\"9.2.11\"}}";
                    case "/api2/json/access/permissions" -> "{\"data\":{\"/\":{\"Sys.Audit\":1,\"VM.Audit\":1}}}";
                    case "/api2/json/cluster/status" ->
                        "{\"data\":[{\"type\":\"node\",\"name\":\"caraxes\",\"online\":1,\"nodeid\":0}]}";
                    default -> "{\"data\":[]}";
                });
    }

    private TextField field(String caption) {
        return find(TextField.class).withCaption(caption).single();
    }

    private Button button(String caption) {
        return find(Button.class).withCaption(caption).single();
    }

    private void press(String caption) {
        test(button(caption)).click();
    }

    /** Lets background work reach the page until it shows the text. */
    private void eventually(String part) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
        while (!text().contains(part)) {
            assertThat(Instant.now())
                    .as("the page shows: " + part + "\n" + text())
                    .isBefore(deadline);
            UI.getCurrent()
                    .getSession()
                    .getService()
                    .runPendingAccessTasks(UI.getCurrent().getSession());
        }
    }

    private String text() {
        return ((Component) getCurrentView()).getElement().getTextRecursively();
    }
}
