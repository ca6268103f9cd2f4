package dev.rackhouse.access.signin;

import dev.rackhouse.access.JdbcAudit;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.SecurityContextOperator;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.security.authentication.event.InteractiveAuthenticationSuccessEvent;
import org.springframework.security.authorization.event.AuthorizationDeniedEvent;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.security.web.authentication.logout.LogoutHandler;

/** Writes every sign-in, refusal and sign-out into the audit, and tells the person what was wrong. */
class SignInRecord implements AuthenticationFailureHandler, LogoutHandler {

    private static final Logger LOG = LoggerFactory.getLogger(SignInRecord.class);

    private final JdbcAudit audit;
    private final SignInSettings settings;

    SignInRecord(JdbcAudit audit, SignInSettings settings) {
        this.audit = audit;
        this.settings = settings;
    }

    @EventListener
    void signedIn(InteractiveAuthenticationSuccessEvent event) {
        Authentication authentication = event.getAuthentication();
        Optional<Operator> operator = SecurityContextOperator.of(authentication);
        if (operator.isEmpty()) {
            return;
        }
        String from = from(authentication);
        if (authentication.getPrincipal() instanceof ConsoleUser user) {
            audit.record(
                    operator.get(),
                    "signed in",
                    "",
                    "%s, groups: %s, identity %s at %s"
                            .formatted(from, String.join(", ", user.groups()), user.getSubject(), user.getIssuer()));
        } else {
            LOG.warn("Emergency sign-in by {} {}", operator.get().name(), from);
            audit.record(operator.get(), "signed in as the emergency user", "", from);
        }
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        SignInProblem problem = SignInProblem.of(failure, settings.providerName(), settings.issuer());
        String who = failure instanceof ConsoleUsers.NoRole noRole
                ? noRole.name()
                : Optional.ofNullable(request.getParameter("username")).orElse("unknown");
        LOG.info("Sign-in refused: {} ({})", problem.title(), failure.getMessage());
        audit.record(who, null, "sign-in refused", "", "from " + request.getRemoteAddr() + ": " + problem.title());
        request.getSession().setAttribute(SignInProblem.ATTRIBUTE, problem);
        response.sendRedirect(request.getContextPath() + "/login?problem");
    }

    @Override
    public void logout(
            HttpServletRequest request, HttpServletResponse response, @Nullable Authentication authentication) {
        if (authentication != null) {
            SecurityContextOperator.of(authentication)
                    .ifPresent(operator -> audit.record(operator, "signed out", "", from(authentication)));
        }
    }

    /** Refusals inside: a service or an address that the person's role does not reach. Anonymous requests go to the sign-in page. */
    @EventListener
    void refused(AuthorizationDeniedEvent<?> event) {
        Authentication authentication = event.getAuthentication().get();
        if (authentication != null) {
            SecurityContextOperator.of(authentication)
                    .ifPresent(operator -> audit.record(operator, "access refused", target(event.getObject()), ""));
        }
    }

    private static String target(Object object) {
        return switch (object) {
            case org.aopalliance.intercept.MethodInvocation call ->
                call.getMethod().getDeclaringClass().getSimpleName() + "."
                        + call.getMethod().getName();
            case org.springframework.security.web.access.intercept.RequestAuthorizationContext web ->
                web.getRequest().getMethod() + " " + web.getRequest().getRequestURI();
            case HttpServletRequest web -> web.getMethod() + " " + web.getRequestURI();
            default -> object.getClass().getSimpleName();
        };
    }

    private static String from(Authentication authentication) {
        return authentication.getDetails() instanceof WebAuthenticationDetails details
                ? "from " + details.getRemoteAddress()
                : "from an unknown address";
    }
}
