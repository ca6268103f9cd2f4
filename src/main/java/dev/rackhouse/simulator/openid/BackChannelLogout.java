package dev.rackhouse.simulator.openid;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.web.authentication.logout.LogoutHandler;

/**
 * Tells the consoles that a session at the provider ended (OpenID Connect Back-Channel Logout 1.0). Where a console
 * listens is derived from where it had itself redirected to: {@code /login/oauth2/code/x} becomes
 * {@code /logout/connect/back-channel/x}.
 */
final class BackChannelLogout implements LogoutHandler {
    private static final Logger LOG = LoggerFactory.getLogger(BackChannelLogout.class);
    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

    private record SignedIn(String subject, String clientId, String listener) {}

    private final Map<String, Set<SignedIn>> bySession = new ConcurrentHashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
    private final JwtEncoder encoder;
    private final String issuer;

    BackChannelLogout(JwtEncoder encoder, String issuer) {
        this.encoder = encoder;
        this.issuer = issuer;
    }

    /** Keeps which console a session signed in to; called for each token. */
    void remember(JwtEncodingContext context) {
        OAuth2Authorization authorization = context.getAuthorization();
        if (authorization == null
                || !OidcParameterNames.ID_TOKEN.equals(context.getTokenType().getValue())) {
            return;
        }
        Object session = context.getClaims().build().getClaims().get("sid");
        OAuth2AuthorizationRequest request = authorization.getAttribute(OAuth2AuthorizationRequest.class.getName());
        String redirect = request == null ? null : request.getRedirectUri();
        if (session != null && redirect != null) {
            bySession
                    .computeIfAbsent(session.toString(), sid -> ConcurrentHashMap.newKeySet())
                    .add(new SignedIn(
                            Objects.requireNonNull(context.<Authentication>getPrincipal())
                                    .getName(),
                            context.getRegisteredClient().getClientId(),
                            redirect.replace("/login/oauth2/code/", "/logout/connect/back-channel/")));
        }
    }

    @Override
    public void logout(
            HttpServletRequest request, HttpServletResponse response, @Nullable Authentication authentication) {
        HttpSession session = request.getSession(false);
        if (session == null) {
            return;
        }
        String sid = hashed(session.getId());
        Set<SignedIn> signedIn = bySession.remove(sid);
        if (signedIn != null) {
            signedIn.forEach(console -> Thread.ofVirtual().start(() -> tell(console, sid)));
        }
    }

    private void tell(SignedIn console, String sid) {
        Instant now = Instant.now();
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .issuer(issuer)
                .subject(console.subject())
                .audience(List.of(console.clientId()))
                .issuedAt(now)
                .expiresAt(now.plusSeconds(120))
                .id(UUID.randomUUID().toString())
                .claim("events", Map.of(EVENT, Map.of()))
                .claim("sid", sid)
                .build();
        JwsHeader header =
                JwsHeader.with(SignatureAlgorithm.RS256).type("logout+jwt").build();
        String token = encoder.encode(JwtEncoderParameters.from(header, claims)).getTokenValue();
        HttpRequest post = HttpRequest.newBuilder(URI.create(console.listener()))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "logout_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8)))
                .build();
        try {
            int status = http.send(post, HttpResponse.BodyHandlers.discarding()).statusCode();
            LOG.debug("Back-channel logout of {} at {}: {}", console.subject(), console.listener(), status);
        } catch (IOException unreachable) {
            LOG.info("No console listens at {} any more: {}", console.listener(), unreachable.toString());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** The claim {@code sid} is the digest of the session's id, as Spring Authorization Server makes it. */
    private static String hashed(String sessionId) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(sessionId.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
