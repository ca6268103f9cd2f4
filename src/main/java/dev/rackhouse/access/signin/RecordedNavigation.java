package dev.rackhouse.access.signin;

import com.vaadin.flow.server.auth.AccessCheckDecision;
import com.vaadin.flow.server.auth.AccessCheckResult;
import com.vaadin.flow.server.auth.NavigationContext;
import com.vaadin.flow.spring.security.SpringNavigationAccessControl;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.JdbcAudit;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;

/** Vaadin's check of {@code @RolesAllowed} on views; a page that a signed-in person may not see is recorded. */
@Component
@Primary
class RecordedNavigation extends SpringNavigationAccessControl {

    private final CurrentOperator operator;
    private final JdbcAudit audit;

    RecordedNavigation(CurrentOperator operator, JdbcAudit audit) {
        this.operator = operator;
        this.audit = audit;
    }

    @Override
    public AccessCheckResult checkAccess(NavigationContext context, boolean productionMode) {
        AccessCheckResult result = super.checkAccess(context, productionMode);
        // without a principal it is the question whether a page is open to everybody
        boolean asked = context.getPrincipal() != null && !context.isErrorHandling();
        if (asked && result.decision() != AccessCheckDecision.ALLOW) {
            operator.find()
                    .ifPresent(who -> audit.record(
                            who,
                            "access refused",
                            "/" + context.getLocation().getPath(),
                            "needs another role than " + who.role().word()));
        }
        return result;
    }
}
