package dev.rackhouse.access.signin;

import dev.rackhouse.access.Role;
import dev.rackhouse.base.StartRefused;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * The admin for when the provider is down: one name, one password hash, from the settings. Five wrong passwords close it for a
 * quarter of an hour for everybody, since the name is no secret.
 */
class EmergencyUser implements AuthenticationProvider {

    private static final int ATTEMPTS = 5;
    private static final Duration CLOSED = Duration.ofMinutes(15);

    private final SignInSettings.Emergency settings;
    private final String hash;
    private final PasswordEncoder encoder;
    private final Clock clock;
    private final Deque<Instant> failures = new ArrayDeque<>();

    EmergencyUser(SignInSettings.Emergency settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.hash = prefixed(settings.passwordHash().strip());
        this.encoder = new DelegatingPasswordEncoder(
                "bcrypt",
                Map.of(
                        "bcrypt",
                        new BCryptPasswordEncoder(),
                        "argon2",
                        Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8()));
    }

    private static String prefixed(String hash) {
        if (hash.startsWith("{bcrypt}$2") || hash.startsWith("{argon2}$argon2")) {
            return hash;
        }
        if (hash.startsWith("$2y$")) {
            // what htpasswd -B writes; the same as 2a for Spring's reader
            return "{bcrypt}" + hash;
        }
        if (hash.startsWith("$2")) {
            return "{bcrypt}" + hash;
        }
        if (hash.startsWith("$argon2")) {
            return "{argon2}" + hash;
        }
        throw new StartRefused(
                "The setting rackhouse.sign-in.emergency.password-hash (RACKHOUSE_SIGN_IN_EMERGENCY_PASSWORD_HASH) is no bcrypt or argon2 hash.",
                "Make one with: htpasswd -nBC 12 emergency | cut -d: -f2. Never set a plain password there.");
    }

    @Override
    public synchronized Authentication authenticate(Authentication attempt) {
        Instant now = clock.instant();
        failures.removeIf(at -> Duration.between(at, now).compareTo(CLOSED) > 0);
        if (failures.size() >= ATTEMPTS) {
            throw new LockedException("too many attempts");
        }
        String password = String.valueOf(attempt.getCredentials());
        boolean right = encoder.matches(password, hash);
        if (!right || !settings.user().equals(attempt.getName())) {
            failures.addLast(now);
            throw new BadCredentialsException("name or password is wrong");
        }
        failures.clear();
        return UsernamePasswordAuthenticationToken.authenticated(
                settings.user(), null, ConsoleUser.authorities(Role.ADMIN));
    }

    @Override
    public boolean supports(Class<?> kind) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(kind);
    }
}
