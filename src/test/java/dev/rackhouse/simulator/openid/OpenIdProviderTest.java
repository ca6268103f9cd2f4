package dev.rackhouse.simulator.openid;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.rackhouse.testing.SimulatorProcess;
import java.io.IOException;
import java.net.CookieManager;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A console signs its people in at the demo's provider, in the provider's own process. */
class OpenIdProviderTest {
    private static final String VERIFIER = "a-verifier-that-is-long-enough-for-the-specification-0123";

    @TempDir
    static Path folder;

    private static SimulatorProcess simulator;
    private static String issuer;
    private static String secret;
    private static HttpServer console;
    private static final CompletableFuture<String> BACK_CHANNEL = new CompletableFuture<>();

    private HttpClient browser;

    @BeforeAll
    static void start() throws IOException {
        simulator = SimulatorProcess.start(folder, "--openid-only");
        JsonNode openid = simulator.ready().get("openid");
        issuer = openid.get("issuer").asString();
        secret = Files.readString(Path.of(openid.get("clientSecretFile").asString()))
                .strip();
        console = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        console.createContext("/logout/connect/back-channel/authentik", exchange -> {
            BACK_CHANNEL.complete(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
        });
        console.start();
    }

    @AfterAll
    static void stop() {
        console.stop(0);
        simulator.close();
    }

    @BeforeEach
    void freshBrowser() {
        browser = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    }

    @Test
    void theGroupsOfAPersonStandInTheIdToken() throws Exception {
        JsonNode claims = signIn("operator");

        assertThat(claims.get("preferred_username").asString()).isEqualTo("operator");
        assertThat(claims.get("groups").get(0).asString()).isEqualTo("rackhouse-operators");
        assertThat(claims.get("iss").asString()).isEqualTo(issuer);
        assertThat(claims.get("sid").asString()).isNotBlank();
    }

    @Test
    void aWrongPasswordStaysOnTheSignInPage() throws Exception {
        HttpResponse<String> answer = submit("admin", "guess");

        assertThat(answer.headers().firstValue("location").orElse("")).endsWith("/login?error");
    }

    @Test
    void refusesToRedirectToAnotherMachine() throws Exception {
        submit("admin", "admin");

        HttpResponse<String> answer = get(authorize("https://evil.example/login/oauth2/code/x"));

        assertThat(answer.statusCode()).isEqualTo(400);
    }

    @Test
    void endingTheSessionTellsTheConsoleBehindTheBrowsersBack() throws Exception {
        JsonNode claims = signIn("admin");

        String page = get(issuer + "/").body();
        post("/logout", "_csrf=" + encode(find(page, "name=\"_csrf\" value=\"([^\"]+)\"")));

        String form = BACK_CHANNEL.get(10, TimeUnit.SECONDS);
        JsonNode token = claims(URLDecoder.decode(form.substring("logout_token=".length()), StandardCharsets.UTF_8));
        assertThat(token.get("sid").asString()).isEqualTo(claims.get("sid").asString());
        assertThat(token.get("events").propertyNames())
                .containsExactly("http://schemas.openid.net/event/backchannel-logout");
    }

    private JsonNode signIn(String name) throws Exception {
        submit(name, name);
        HttpResponse<String> back = get(authorize(consoleRedirect()));
        String code = find(back.headers().firstValue("location").orElseThrow(), "[?&]code=([^&]+)");
        String form = form(Map.of(
                "grant_type",
                "authorization_code",
                "code",
                URLDecoder.decode(code, StandardCharsets.UTF_8),
                "redirect_uri",
                consoleRedirect(),
                "client_id",
                "rackhouse",
                "client_secret",
                secret,
                "code_verifier",
                VERIFIER));
        HttpResponse<String> tokens = post("/oauth2/token", form);
        assertThat(tokens.statusCode()).as(tokens.body()).isEqualTo(200);
        return claims(
                JsonMapper.shared().readTree(tokens.body()).get("id_token").asString());
    }

    private static String consoleRedirect() {
        return "http://127.0.0.1:" + console.getAddress().getPort() + "/login/oauth2/code/authentik";
    }

    private static String authorize(String redirect) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII));
        return issuer + "/oauth2/authorize?"
                + form(Map.of(
                        "response_type", "code",
                        "client_id", "rackhouse",
                        "scope", "openid profile email groups",
                        "state", "s",
                        "nonce", "n",
                        "code_challenge_method", "S256",
                        "code_challenge",
                                Base64.getUrlEncoder().withoutPadding().encodeToString(digest),
                        "redirect_uri", redirect));
    }

    private HttpResponse<String> submit(String name, String password) throws Exception {
        String page = get(issuer + "/login").body();
        String csrf = find(page, "name=\"_csrf\" value=\"([^\"]+)\"");
        return post("/login", form(Map.of("username", name, "password", password, "_csrf", csrf)));
    }

    private HttpResponse<String> get(String address) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .header("Accept", "text/html")
                .build();
        return browser.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String form) throws Exception {
        return browser.send(
                HttpRequest.newBuilder(URI.create(issuer + path))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode claims(String jwt) {
        return JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(jwt.split("\\.")[1]));
    }

    private static String form(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + encode(entry.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String find(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }
}
