package dev.rackhouse.access.signin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The OpenID Connect provider. Its metadata is read when first needed, so that the console starts while the provider is down; a
 * failure is remembered for some seconds, so that a page does not wait for it again and again.
 */
public final class Provider implements ClientRegistrationRepository {

    /** Part of the addresses that are registered at the provider: {@code /login/oauth2/code/rackhouse}. */
    public static final String ID = "rackhouse";

    /** Whether people can sign in there now. */
    public sealed interface State {
        record Ready(ClientRegistration registration) implements State {}

        /** @param sentence what came back and what to do */
        record Unavailable(String sentence, Instant seen) implements State {}
    }

    /** Thrown where a registration is needed and there is none now. */
    public static final class UnavailableException extends RuntimeException {
        UnavailableException(String sentence) {
            super(sentence);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Provider.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration REMEMBERED = Duration.ofSeconds(5);
    private static final int LARGEST = 1 << 20;

    private final SignInSettings settings;
    private final Clock clock;
    private volatile @Nullable State state;

    Provider(SignInSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** As shown on the button. */
    public String name() {
        return settings.providerName();
    }

    /** May block for some seconds while the provider is asked for its metadata. */
    public State state() {
        State known = state;
        if (known instanceof State.Ready || known instanceof State.Unavailable down && isFresh(down)) {
            return known;
        }
        synchronized (this) {
            known = state;
            if (known instanceof State.Ready || known instanceof State.Unavailable down && isFresh(down)) {
                return known;
            }
            State found = ask();
            if (found instanceof State.Unavailable unavailable) {
                LOG.warn("{}", unavailable.sentence());
            }
            state = found;
            return found;
        }
    }

    @Override
    public @Nullable ClientRegistration findByRegistrationId(String id) {
        if (!id.equals(ID)) {
            return null;
        }
        return switch (state()) {
            case State.Ready ready -> ready.registration();
            case State.Unavailable unavailable -> throw new UnavailableException(unavailable.sentence());
        };
    }

    private boolean isFresh(State.Unavailable down) {
        return Duration.between(down.seen(), clock.instant()).compareTo(REMEMBERED) < 0;
    }

    private State ask() {
        String metadata = settings.issuer().replaceAll("/+$", "") + "/.well-known/openid-configuration";
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(metadata))
                    .timeout(TIMEOUT)
                    .header("Accept", "application/json")
                    .build();
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                return unavailable(
                        "it answered " + metadata + " with status " + response.statusCode(),
                        "Check that the application exists there and that RACKHOUSE_SIGN_IN_ISSUER names it.");
            }
            if (response.body().length > LARGEST) {
                return unavailable("its metadata is larger than 1 MiB", "Check RACKHOUSE_SIGN_IN_ISSUER.");
            }
            return read(JsonMapper.shared().readValue(response.body(), new TypeReference<Map<String, Object>>() {}));
        } catch (JacksonException e) {
            return unavailable(
                    "what " + metadata + " answered is no OpenID Connect metadata", "Check RACKHOUSE_SIGN_IN_ISSUER.");
        } catch (java.net.http.HttpTimeoutException e) {
            return unavailable("it did not answer within " + TIMEOUT.toSeconds() + " s", "Check that it is up.");
        } catch (javax.net.ssl.SSLException e) {
            return unavailable(
                    "the connection is not trusted (" + e.getMessage() + ")",
                    "If its certificate comes from your own authority, name that in RACKHOUSE_SIGN_IN_AUTHORITY_FILE.");
        } catch (IOException e) {
            String said = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return unavailable(
                    "it cannot be reached (" + said + ")", "Check that it is up and that the console can reach it.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unavailable("asking it was interrupted", "Try again.");
        }
    }

    private State read(Map<String, Object> metadata) {
        Object calledItself = metadata.get("issuer");
        if (!settings.issuer().equals(calledItself)) {
            return unavailable(
                    "it calls itself " + calledItself + ", but the setting says " + settings.issuer(),
                    "Set RACKHOUSE_SIGN_IN_ISSUER to exactly what it calls itself; slashes count.");
        }
        try {
            return new State.Ready(ClientRegistrations.fromOidcConfiguration(metadata)
                    .registrationId(ID)
                    .clientId(settings.clientId())
                    .clientSecret(clientSecret())
                    .clientName(settings.providerName())
                    .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                    .redirectUri("{baseUrl}/login/oauth2/code/{registrationId}")
                    .userNameAttributeName(settings.nameClaim())
                    .scope(settings.scopes())
                    .build());
        } catch (IllegalArgumentException | UncheckedIOException e) {
            return unavailable(
                    "its metadata cannot be used (" + e.getMessage() + ")", "Check RACKHOUSE_SIGN_IN_ISSUER.");
        }
    }

    private String clientSecret() {
        if (!settings.clientSecret().isBlank()) {
            return settings.clientSecret();
        }
        try {
            return Files.readString(Path.of(settings.clientSecretFile())).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private State.Unavailable unavailable(String what, String advice) {
        return new State.Unavailable(
                "Signing in at " + settings.providerName() + " does not work now: " + what + ". " + advice,
                clock.instant());
    }
}
