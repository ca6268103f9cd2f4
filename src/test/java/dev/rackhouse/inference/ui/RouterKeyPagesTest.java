package dev.rackhouse.inference.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.SpringBrowserlessTest;
import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.textfield.PasswordField;
import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Secret;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.ServingSecrets;
import dev.rackhouse.testing.AsAdmin;
import dev.rackhouse.testing.AsOperator;
import dev.rackhouse.testing.ConsoleTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An administrator gives the console the key of a router that wants one. */
@ConsoleTest
class RouterKeyPagesTest extends SpringBrowserlessTest {

    private static final String ROUTER = "key-pages";

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private ServingSecrets secrets;

    @BeforeEach
    void aRouterOfLiteLlm() {
        jdbc.sql("""
                        insert into inference_router (name, kind, place, port, clients, declared)
                        values (:name, 'LITELLM', :place, 4000, 4000, true)
                        """)
                .param("name", ROUTER)
                .param("place", new PlaceRef.OnHost(new NodeRef(LabId.random(), "helium")).toString())
                .update();
    }

    @AfterEach
    void gone() {
        jdbc.sql("delete from inference_router where name = :name")
                .param("name", ROUTER)
                .update();
        jdbc.sql("delete from inference_secret where name = :name")
                .param("name", "router:" + ROUTER)
                .update();
    }

    private Button button(String text) {
        return $(Button.class).all().stream()
                .filter(b -> b.getText().equals(text))
                .findFirst()
                .orElseThrow();
    }

    private String text() {
        return ((Component) getCurrentView()).getElement().getTextRecursively();
    }

    @Test
    @AsAdmin
    void anAdministratorStoresItAndNeverSeesItAgain() {
        UI.getCurrent().navigate(ServingRoutes.modes());
        assertThat(text()).contains(ROUTER, "LiteLLM proxy", "no key");

        test(button("Store its key…")).click();
        test($(PasswordField.class).first()).setValue("sk-of-the-test");
        test(button("Store the key")).click();

        assertThat(secrets.routerKey(ROUTER)).contains(new Secret("sk-of-the-test"));
        assertThat($(Dialog.class).all()).isEmpty();
        assertThat(text()).contains("key of ").doesNotContain("sk-of-the-test", "no key");
        assertThat(button("Replace its key…").isEnabled()).isTrue();
    }

    @Test
    @AsAdmin
    void saysWhatIsNoKey() {
        UI.getCurrent().navigate(ServingRoutes.modes());
        test(button("Store its key…")).click();

        test($(PasswordField.class).first()).setValue("two words");
        test(button("Store the key")).click();

        assertThat($(PasswordField.class).first().getErrorMessage()).contains("no spaces");
    }

    @Test
    @AsOperator
    void anOperatorSeesThatItIsMissingAndCannotStoreIt() {
        UI.getCurrent().navigate(ServingRoutes.modes());

        assertThat(text()).contains("no key");
        assertThat(button("Store its key…").isEnabled()).isFalse();
    }
}
