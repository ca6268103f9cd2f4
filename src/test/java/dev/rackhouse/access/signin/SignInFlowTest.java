package dev.rackhouse.access.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rackhouse.Rackhouse;
import dev.rackhouse.testing.ConsoleTest;
import dev.rackhouse.testing.SimulatorProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.test.context.ContextConfiguration;

/** A person's browser goes the whole way: console, provider in its own process, back; out again, from either side. */
@SpringBootTest(classes = Rackhouse.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = {ConsoleTest.Settings.class, SignInFlowTest.WithProvider.class})
class SignInFlowTest {

    private static SimulatorProcess simulator;
    private static String issuer;

    static class WithProvider implements ApplicationContextInitializer<ConfigurableApplicationContext> {
        @Override
        public void initialize(ConfigurableApplicationContext context) {
            try {
                simulator = SimulatorProcess.start(Files.createTempDirectory("rackhouse-openid"), "--openid-only");
                var openid = simulator.ready().get("openid");
                issuer = openid.get("issuer").asString();
                context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource(
                                "provider",
                                Map.of(
                                        "rackhouse.sign-in.issuer", issuer,
                                        "rackhouse.sign-in.client-id",
                                                openid.get("clientId").asString(),
                                        "rackhouse.sign-in.client-secret",
                                                Files.readString(Path.of(openid.get("clientSecretFile")
                                                                .asString()))
                                                        .strip(),
                                        // nobody is in this group: the sample operator has no access here
                                        "rackhouse.sign-in.operator-groups", "people-of-another-house",
                                        "rackhouse.sign-in.emergency.password-hash",
                                                new BCryptPasswordEncoder(4).encode("break the glass"))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient jdbc;

    private HttpClient browser;

    @AfterAll
    static void stop() {
        simulator.close();
    }

    @BeforeEach
    void freshBrowser() {
        browser = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    }

    @Test
    void groupsBecomeTheRoleAndTheSignInIsRecorded() throws Exception {
        assertThat(get(console("/audit")).uri().getPath()).isEqualTo("/login");

        HttpResponse<String> landed = signIn("admin");

        assertThat(landed.statusCode()).isEqualTo(200);
        assertThat(landed.uri().getPath()).as("where the person wanted to go").isEqualTo("/audit");
        assertThat(isIn()).isTrue();
        assertThat(audited("admin")).contains("ADMIN signed in");
    }

    @Test
    void whoIsInNoGroupIsRefusedAndTold() throws Exception {
        HttpResponse<String> landed = signIn("operator");

        assertThat(landed.uri().toString()).endsWith("/login?problem");
        assertThat(isIn()).isFalse();
        assertThat(audited("operator")).contains("null sign-in refused");
    }

    @Test
    void endingTheSessionAtTheProviderEndsItHere() throws Exception {
        signIn("viewer");
        assertThat(isIn()).isTrue();

        String page = get(issuer + "/").body();
        post(issuer + "/logout", Map.of("_csrf", find(page, "name=\"_csrf\" value=\"([^\"]+)\"")));

        await().atMost(Duration.ofSeconds(10)).until(() -> !isIn());
        await().atMost(Duration.ofSeconds(10))
                .until(() -> audited("viewer").contains("null signed out by the provider"));
    }

    @Test
    void aForgedLogoutTokenEndsNothing() throws Exception {
        signIn("viewer");

        HttpResponse<String> answer =
                post(console("/logout/connect/back-channel/rackhouse"), Map.of("logout_token", "e30.e30.e30"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(isIn()).isTrue();
    }

    @Test
    void signingOutGoesOnToTheProviderAndComesBack() throws Exception {
        signIn("viewer");
        String token = find(
                get(console("/my-access")).body(),
                "name=\"_csrf\"\\s+content=\"([^\"]+)\"|content=\"([^\"]+)\"\\s+name=\"_csrf\"");

        HttpResponse<String> answer = post(console("/logout"), Map.of("_csrf", token));

        String location = answer.headers().firstValue("location").orElseThrow();
        assertThat(location).startsWith(issuer + "/connect/logout?id_token_hint=");
        assertThat(location).contains("post_logout_redirect_uri=" + "http://127.0.0.1:" + port + "/");
        assertThat(isIn()).isFalse();
        assertThat(audited("viewer")).contains("VIEWER signed out");
    }

    @Test
    void whatTheProviderRefusesIsASentenceAndNoLoop() throws Exception {
        HttpResponse<String> landed = get(console("/login/oauth2/code/rackhouse?error=access_denied&state=made-up"));

        assertThat(landed.statusCode()).isEqualTo(200);
        assertThat(landed.uri().toString()).endsWith("/login?problem");
    }

    @Test
    void theEmergencyUserComesInWithItsPasswordOnlyAndIsRecorded() throws Exception {
        assertThat(emergency("guess").uri().toString()).endsWith("/login?problem");
        assertThat(isIn()).isFalse();

        emergency("break the glass");

        assertThat(isIn()).isTrue();
        assertThat(audited("emergency")).contains("null sign-in refused", "ADMIN signed in as the emergency user");
    }

    @Test
    void behindAProxyItSpeaksOfItselfAsThePublicAddressAndItsCookiesAreSecure() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(console("/oauth2/authorization/rackhouse")))
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Host", "console.lab.example")
                .header("X-Forwarded-Port", "443")
                .build();

        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.headers().firstValue("location").orElseThrow())
                .contains("redirect_uri=https://console.lab.example/login/oauth2/code/rackhouse")
                .contains("code_challenge_method=S256");
        assertThat(answer.headers().firstValue("set-cookie").orElseThrow())
                .contains("Secure", "HttpOnly", "SameSite=Lax");
    }

    @Test
    void answersCarryTheSecurityHeaders() throws Exception {
        HttpResponse<String> page = get(console("/login"));

        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .contains("frame-ancestors 'none'");
        assertThat(page.headers().firstValue("cache-control").orElseThrow()).contains("no-store");
        assertThat(get(console("/ui/access.css"))
                        .headers()
                        .firstValue("cache-control")
                        .orElse(""))
                .doesNotContain("no-store");
        assertThat(page.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(page.headers().firstValue("referrer-policy")).contains("same-origin");
    }

    private HttpResponse<String> signIn(String name) throws Exception {
        HttpResponse<String> form = get(console("/oauth2/authorization/rackhouse"));
        assertThat(form.uri().toString()).startsWith(issuer + "/login");
        HttpResponse<String> answer = post(
                issuer + "/login",
                Map.of(
                        "username", name,
                        "password", name,
                        "_csrf", find(form.body(), "name=\"_csrf\" value=\"([^\"]+)\"")));
        return follow(answer);
    }

    private HttpResponse<String> emergency(String password) throws Exception {
        String token = find(
                get(console("/login")).body(),
                "name=\"_csrf\"\\s+content=\"([^\"]+)\"|content=\"([^\"]+)\"\\s+name=\"_csrf\"");
        return follow(post(
                console("/login/emergency"), Map.of("username", "emergency", "password", password, "_csrf", token)));
    }

    /** Whether the browser's session is somebody's: the first page is served, not the sign-in page. */
    private boolean isIn() throws Exception {
        return get(console("/my-access")).uri().getPath().equals("/my-access");
    }

    private List<String> audited(String who) {
        return jdbc.sql("select coalesce(role, 'null') || ' ' || what from audit_entry where who = :who")
                .param("who", who)
                .query(String.class)
                .list();
    }

    private String console(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    private HttpResponse<String> get(String address) throws Exception {
        return follow(send(HttpRequest.newBuilder(URI.create(address)).build()));
    }

    private HttpResponse<String> post(String address, Map<String, String> form) throws Exception {
        StringBuilder body = new StringBuilder();
        form.forEach((name, value) -> body.append(body.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return send(HttpRequest.newBuilder(URI.create(address))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build());
    }

    private HttpResponse<String> follow(HttpResponse<String> answer) throws Exception {
        HttpResponse<String> at = answer;
        for (int hops = 0; at.statusCode() / 100 == 3; hops++) {
            assertThat(hops).as("a loop at " + at.uri()).isLessThan(12);
            URI next = at.uri().resolve(at.headers().firstValue("location").orElseThrow());
            at = send(HttpRequest.newBuilder(next).build());
        }
        return at;
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return browser.send(
                HttpRequest.newBuilder(request, (name, value) -> true)
                        .header("Accept", "text/html")
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String find(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern + " in " + text).isTrue();
        return matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    }
}
