package dev.rackhouse.access.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.security.authentication.InternalAuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;

class SignInProblemTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            access_denied                    | The resource owner denied                                  | refused to let you in                | allowed
            authorization_request_not_found  |                                                            | took too long                        | cookies
            invalid_token_response           | error occurred [invalid_client] Client authentication failed | client id or secret               | RACKHOUSE_SIGN_IN_CLIENT_SECRET
            invalid_client                   |                                                            | client id or secret                  | RACKHOUSE_SIGN_IN_CLIENT_ID
            invalid_request                  | Invalid grant_type for provider                            | with a code                          | 2026.5
            invalid_id_token                 | The ID Token contains invalid claims: {exp=2026-01-01T00:00:00Z} Jwt expired at | expired         | clocks
            invalid_id_token                 | The iss claim is not valid                                 | another name than this console expects | RACKHOUSE_SIGN_IN_ISSUER
            invalid_id_token                 | The ID Token contains invalid claims: {aud=[other]}        | another application                  | CLIENT_ID
            invalid_id_token                 | Signed JWT rejected: no matching key(s) found              | cannot be verified                   | RS256
            server_error                     | boom                                                       | problem of its own                   | boom
            something_new                    | with words                                                 | did not work                         | something_new, with words
            """)
    void turnsCodesIntoSentences(String code, String description, String title, String advice) {
        SignInProblem problem =
                of(new OAuth2AuthenticationException(new OAuth2Error(code, description, null), description));

        assertThat(problem.title()).contains(title);
        assertThat(problem.advice()).contains(advice);
    }

    @Test
    void namesTheGroupsThatGiveNoRole() {
        SignInProblem problem = of(new ConsoleUsers.NoRole("labadmin", List.of("family", "guests")));

        assertThat(problem.title()).isEqualTo("labadmin has no access here.");
        assertThat(problem.advice()).contains("family, guests");
    }

    @Test
    void knowsAProviderThatIsDownThroughItsWrappers() {
        var down = new InternalAuthenticationServiceException("x", new Provider.UnavailableException("It is down."));

        assertThat(of(down).advice()).isEqualTo("It is down.");
    }

    private static SignInProblem of(AuthenticationException failure) {
        return SignInProblem.of(failure, "authentik", "https://auth.lab.example/application/o/rackhouse/");
    }
}
