package dev.rackhouse.database.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vaadin.browserless.SpringBrowserlessTest;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.textfield.IntegerField;
import dev.rackhouse.database.Retention;
import dev.rackhouse.testing.AsAdmin;
import dev.rackhouse.testing.AsOperator;
import dev.rackhouse.testing.ConsoleTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.access.AccessDeniedException;

/** An admin decides how long records are kept; nobody else may. */
@ConsoleTest
class RetentionIsSetTest extends SpringBrowserlessTest {

    @Autowired
    private Retention retention;

    @Autowired
    private JdbcClient jdbc;

    @Test
    @AsAdmin
    void anAdminKeepsTheAuditLonger() {
        navigate(SettingsView.class);
        IntegerField days = find(IntegerField.class)
                .withCondition(field -> field.getAriaLabel().orElse("").contains("Audit entries"))
                .single();

        test(days).setValue(1000);
        test(find(Button.class).withText("Keep 1000 days").single()).click();

        assertThat(retention.list())
                .filteredOn(kind -> kind.key().equals("audit"))
                .extracting(Retention.Kind::keptDays)
                .containsExactly(1000);
        assertThat(jdbc.sql("select detail from audit_entry where what = 'retention changed' order by seq desc limit 1")
                        .query(String.class)
                        .single())
                .startsWith("kept for 1000 days");
    }

    @Test
    @AsOperator
    void anOperatorMayNot() {
        assertThatThrownBy(() -> retention.keep("audit", 5)).isInstanceOf(AccessDeniedException.class);
    }
}
