package dev.rackhouse.access.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.rackhouse.base.StartRefused;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.client.registration.ClientRegistration;

/** A small server answers as a provider does, or does not. */
class ProviderTest {

    private HttpServer server;
    private String issuer;
    private volatile String body = "";
    private volatile int status = 200;
    private volatile int asked;
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        issuer = "http://127.0.0.1:" + server.getAddress().getPort() + "/application/o/rackhouse/";
        server.createContext("/application/o/rackhouse/.well-known/openid-configuration", exchange -> {
            asked++;
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void readsTheMetadataOnceAsAuthentikGivesIt() {
        body = metadata(issuer);
        Provider provider = provider();

        ClientRegistration registration = provider.findByRegistrationId("rackhouse");

        assertThat(registration.getProviderDetails().getTokenUri())
                .isEqualTo("https://auth.lab.example/application/o/token/");
        assertThat(registration.getProviderDetails().getConfigurationMetadata()).containsKey("end_session_endpoint");
        assertThat(registration.getScopes()).containsExactlyInAnyOrder("openid", "profile", "email");
        provider.findByRegistrationId("rackhouse");
        assertThat(asked).isEqualTo(1);
        assertThat(provider.findByRegistrationId("other")).isNull();
    }

    @Test
    void remembersForSecondsThatItIsDownAndComesBackByItself() {
        status = 503;
        Provider provider = provider();

        assertThatThrownBy(() -> provider.findByRegistrationId("rackhouse")).hasMessageContaining("status 503");
        assertThat(sentence(provider)).contains("status 503");
        assertThat(asked).isEqualTo(1);

        status = 200;
        body = metadata(issuer);
        now = now.plus(Duration.ofSeconds(6));

        assertThat(provider.state()).isInstanceOf(Provider.State.Ready.class);
    }

    @Test
    void saysThatTheIssuerDiffersByASlash() {
        body = metadata(issuer.substring(0, issuer.length() - 1));

        assertThat(sentence(provider()))
                .contains("calls itself " + issuer.substring(0, issuer.length() - 1), "slashes count");
    }

    @Test
    void saysWhatIsWrongWithOtherAnswers() {
        body = "<html>welcome</html>";
        assertThat(sentence(provider())).contains("no OpenID Connect metadata");
        body = "{}";
        assertThat(sentence(provider())).contains("calls itself null");
        server.stop(0);
        assertThat(sentence(provider())).contains("cannot be reached");
    }

    @Test
    void refusesToStartWithoutTheThreeSettingsAndNamesThem() {
        assertThatThrownBy(() -> SignInCheck.check(settings("", "", "")))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("RACKHOUSE_SIGN_IN_ISSUER")
                .hasMessageContaining("RACKHOUSE_SIGN_IN_CLIENT_ID")
                .hasMessageContaining("RACKHOUSE_SIGN_IN_CLIENT_SECRET");
        assertThatThrownBy(() -> SignInCheck.check(settings(issuer, "rackhouse", "")))
                .hasMessage(
                        "Nobody could sign in: the setting rackhouse.sign-in.client-secret (RACKHOUSE_SIGN_IN_CLIENT_SECRET, or RACKHOUSE_SIGN_IN_CLIENT_SECRET_FILE) is missing.");
        assertThatThrownBy(() -> SignInCheck.check(settings("auth.lab.example", "rackhouse", "x")))
                .hasMessageContaining("is no address");
        SignInCheck.check(settings(issuer, "rackhouse", "x"));
    }

    private static String sentence(Provider provider) {
        return ((Provider.State.Unavailable) provider.state()).sentence();
    }

    private Provider provider() {
        return new Provider(settings(issuer, "rackhouse", "secret"), clock);
    }

    private static SignInSettings settings(String issuer, String client, String secret) {
        return new SignInSettings(
                issuer,
                client,
                secret,
                "",
                "authentik",
                Set.of("openid", "profile", "email"),
                "preferred_username",
                "groups",
                Set.of(),
                Set.of(),
                Set.of(),
                "",
                new SignInSettings.Emergency("emergency", ""));
    }

    private static String metadata(String issuer) {
        return """
                {"issuer": "%s",
                 "authorization_endpoint": "https://auth.lab.example/application/o/authorize/",
                 "token_endpoint": "https://auth.lab.example/application/o/token/",
                 "userinfo_endpoint": "https://auth.lab.example/application/o/userinfo/",
                 "end_session_endpoint": "https://auth.lab.example/application/o/rackhouse/end-session/",
                 "jwks_uri": "https://auth.lab.example/application/o/rackhouse/jwks/",
                 "response_types_supported": ["code"], "subject_types_supported": ["public"],
                 "id_token_signing_alg_values_supported": ["RS256"],
                 "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"]}
                """.formatted(issuer);
    }
}
