package dev.rackhouse.access.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vaadin.browserless.SpringBrowserlessTest;
import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.textfield.TextField;
import dev.rackhouse.access.Audit;
import dev.rackhouse.access.AuditTrail;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.testing.AsAdmin;
import dev.rackhouse.testing.AsViewer;
import dev.rackhouse.testing.ConsoleTest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.test.context.support.WithAnonymousUser;

/** A person opens the pages about access: nobody sees more than the role allows, and everybody sees why. */
@ConsoleTest
class WhoSeesWhatTest extends SpringBrowserlessTest {

    @Autowired
    private Audit audit;

    @Autowired
    private AuditTrail trail;

    @Autowired
    private JdbcClient jdbc;

    @Test
    @WithAnonymousUser
    void whoIsNotSignedInGetsTheSignInPageWhichSaysThatTheProviderIsDown() {
        UI.getCurrent().navigate("audit");
        assertThat(find(AuditView.class).all()).isEmpty();

        navigate(LoginView.class);

        assertThat(text()).contains("Signing in at the test's provider does not work now", "cannot be reached");
        assertThat(findInView(Anchor.class).all())
                .anyMatch(link -> link.getHref().equals("oauth2/authorization/rackhouse"));
        assertThat(text()).doesNotContain("Emergency");
    }

    @Test
    @AsViewer
    void aViewerSeesTheOwnRoleAndNoAudit() {
        navigate(MyAccessView.class);
        assertThat(text()).contains("You are vera, with the role viewer");

        UI.getCurrent().navigate("audit");

        assertThat(getCurrentView()).isNotInstanceOf(AuditView.class);
        assertThatThrownBy(() -> trail.count(AuditTrail.Filter.all())).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    @AsViewer
    void aRefusedPageIsRecorded() {
        int before = refused();

        UI.getCurrent().navigate("audit");

        assertThat(refused()).isEqualTo(before + 1);
    }

    @Test
    @AsAdmin
    void anAdminReadsFiltersAndExportsTheAudit() throws Exception {
        audit.record(new Operator("otto", Role.OPERATOR), "guest started", "guest 110 on thor", "=1+1 \"quoted\"");

        navigate(AuditView.class);
        assertThat(text()).contains("the chain is intact");
        test(findInView(TextField.class).withCaption("Text").single()).setValue("GUEST 110 on");

        assertThat(test(findInView(Grid.class).single()).size()).isEqualTo(1);
        var file = new ByteArrayOutputStream();
        AuditCsv.write(trail, new AuditTrail.Filter("guest 110", null, null), file);
        assertThat(file.toString(StandardCharsets.UTF_8))
                .startsWith("entry,time,who,role,what,target,detail\r\n")
                .contains("\"otto\",\"operator\",\"guest started\",\"guest 110 on thor\",\"'=1+1 \"\"quoted\"\"\"\r\n");
    }

    private int refused() {
        return jdbc.sql(
                        "select count(*) from audit_entry where who = 'vera' and what = 'access refused' and target = '/audit'")
                .query(Integer.class)
                .single();
    }

    private String text() {
        return ((Component) getCurrentView()).getElement().getTextRecursively();
    }
}
