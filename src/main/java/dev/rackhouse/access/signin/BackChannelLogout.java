package dev.rackhouse.access.signin;

import dev.rackhouse.access.JdbcAudit;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.oidc.authentication.logout.OidcLogoutToken;
import org.springframework.security.oauth2.client.oidc.session.OidcSessionInformation;
import org.springframework.security.oauth2.client.oidc.session.OidcSessionRegistry;
import org.springframework.security.web.authentication.logout.LogoutHandler;

/**
 * Ends the sessions that the provider says are over (OpenID Connect Back-Channel Logout 1.0). Spring Security has checked the token
 * by then. Its own handler would call the console over HTTP under the address that the request came with, which fails behind
 * many a proxy and with a certificate of one's own; here the session is ended directly.
 */
class BackChannelLogout implements LogoutHandler {

    private final OidcSessionRegistry signedIn;
    private final OpenSessions sessions;
    private final JdbcAudit audit;

    BackChannelLogout(OidcSessionRegistry signedIn, OpenSessions sessions, JdbcAudit audit) {
        this.signedIn = signedIn;
        this.sessions = sessions;
        this.audit = audit;
    }

    @Override
    public void logout(
            HttpServletRequest request, HttpServletResponse response, @Nullable Authentication authentication) {
        if (authentication == null || !(authentication.getPrincipal() instanceof OidcLogoutToken token)) {
            return;
        }
        for (OidcSessionInformation information : signedIn.removeSessionInformation(token)) {
            sessions.find(information.getSessionId()).ifPresent(BackChannelLogout::end);
            audit.record(information.getPrincipal().getName(), null, "signed out by the provider", "", "");
        }
    }

    private static void end(HttpSession session) {
        try {
            session.invalidate();
        } catch (IllegalStateException overAlready) {
            // ended by itself in the meantime
        }
    }
}
