package dev.rackhouse.access.signin;

import java.io.Serializable;
import java.util.Locale;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;

/**
 * Why a sign-in did not work, for the person who tried.
 *
 * @param title what happened
 * @param advice what to do, and who has to do it
 */
public record SignInProblem(String title, String advice) implements Serializable {

    /** Where the last problem of a browser is kept until it signs in. */
    public static final String ATTRIBUTE = SignInProblem.class.getName();

    /** From what Spring Security throws (codes: RFC 6749 4.1.2.1 and 5.2, and its own) to sentences. Pure. */
    static SignInProblem of(AuthenticationException failure, String provider, String issuer) {
        if (failure instanceof ConsoleUsers.NoRole noRole) {
            String groups =
                    noRole.groups().isEmpty() ? "no groups" : "the groups " + String.join(", ", noRole.groups());
            return new SignInProblem(
                    noRole.name() + " has no access here.",
                    provider + " says that you are in " + groups
                            + ", and none of them gives a role. Ask whoever runs this console to add you to one, then sign in again.");
        }
        if (failure instanceof LockedException) {
            return new SignInProblem("Too many attempts.", "The emergency sign-in is closed for a quarter of an hour.");
        }
        if (failure instanceof BadCredentialsException) {
            return new SignInProblem("Name or password is wrong.", "Every attempt is recorded.");
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Provider.UnavailableException down) {
                return new SignInProblem(
                        "Nobody can sign in at " + provider + " now.", String.valueOf(down.getMessage()));
            }
        }
        if (failure instanceof OAuth2AuthenticationException oauth) {
            return of(oauth.getError(), failure, provider, issuer);
        }
        return other(provider, String.valueOf(failure.getMessage()));
    }

    private static SignInProblem of(OAuth2Error error, Throwable failure, String provider, String issuer) {
        String said = (error.getErrorCode() + " " + error.getDescription() + " " + failure.getMessage())
                .toLowerCase(Locale.ROOT);
        return switch (error.getErrorCode()) {
            case "access_denied" ->
                new SignInProblem(
                        provider + " refused to let you in.",
                        "You may not be allowed to use this application there, or you pressed cancel. Ask whoever runs "
                                + provider + ".");
            case "authorization_request_not_found", "invalid_state_parameter" ->
                new SignInProblem(
                        "The sign-in took too long or was started in another window.",
                        "Sign in again. If this comes back every time, the browser does not keep this site's cookies.");
            case "temporarily_unavailable", "server_error" ->
                new SignInProblem(
                        provider + " has a problem of its own.", "Try again in a moment. It said: " + said(error));
            case "invalid_id_token", "invalid_nonce" -> idToken(said, provider, issuer);
            default -> {
                if (said.contains("invalid_client") || said.contains("unauthorized_client")) {
                    yield new SignInProblem(
                            provider + " does not accept this console's client id or secret.",
                            "An admin checks RACKHOUSE_SIGN_IN_CLIENT_ID and RACKHOUSE_SIGN_IN_CLIENT_SECRET against the application there.");
                }
                if (said.contains("grant_type") || said.contains("unsupported_grant_type")) {
                    yield new SignInProblem(
                            provider + " does not allow this application to sign people in with a code.",
                            "An admin adds the grant type authorization_code to the application there (authentik since 2026.5 leaves the list empty).");
                }
                if (said.contains("invalid_token_response") || said.contains("invalid_user_info_response")) {
                    yield new SignInProblem(
                            provider + " gave an answer that the console cannot use.",
                            "Try again; if it stays, an admin looks at both logs. It said: " + said(error));
                }
                yield other(provider, said(error));
            }
        };
    }

    private static SignInProblem idToken(String said, String provider, String issuer) {
        if (said.contains("expired") || said.contains("\"exp\"") || said.contains("(exp") || said.contains("iat")) {
            return new SignInProblem(
                    "What " + provider + " issued has expired or is not valid yet.",
                    "The clocks of the console and of the provider differ by more than a minute. An admin sets them right (NTP).");
        }
        if (said.contains("iss")) {
            return new SignInProblem(
                    provider + " signed with another name than this console expects.",
                    "An admin sets RACKHOUSE_SIGN_IN_ISSUER to exactly what it calls itself; slashes count. It is now "
                            + issuer);
        }
        if (said.contains("aud")) {
            return new SignInProblem(
                    "What " + provider + " issued is for another application.",
                    "An admin checks RACKHOUSE_SIGN_IN_CLIENT_ID.");
        }
        return new SignInProblem(
                "What " + provider + " issued cannot be verified.",
                "Its signing key may be missing, of another kind than RS256, or out of reach for the console. An admin looks at the console's log.");
    }

    private static SignInProblem other(String provider, String said) {
        return new SignInProblem(
                "Signing in at " + provider + " did not work.",
                "Try again; if it stays, tell an admin. It said: " + said);
    }

    private static String said(OAuth2Error error) {
        String description = error.getDescription();
        String text = description == null ? error.getErrorCode() : error.getErrorCode() + ", " + description;
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }
}
