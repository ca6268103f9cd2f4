package dev.rackhouse.access.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.base.StartRefused;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

class EmergencyUserTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));

    @Test
    void takesTheHashesThatToolsWrite() {
        String bcrypt = new BCryptPasswordEncoder(4).encode("glass");
        String argon2 = Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8().encode("glass");

        for (String hash :
                new String[] {bcrypt, "{bcrypt}" + bcrypt, bcrypt.replace("$2a$", "$2y$"), argon2, "{argon2}" + argon2
                }) {
            assertThat(signIn(user(hash), "glass").getAuthorities())
                    .extracting("authority")
                    .contains("ROLE_ADMIN");
            assertThatThrownBy(() -> signIn(user(hash), "stone")).isInstanceOf(BadCredentialsException.class);
        }
    }

    @Test
    void refusesAPlainPasswordAsASetting() {
        assertThatThrownBy(() -> user("glass")).isInstanceOf(StartRefused.class).hasMessageNotContaining("glass");
    }

    @Test
    void closesForAQuarterOfAnHourAfterFiveFailures() {
        EmergencyUser user = user(new BCryptPasswordEncoder(4).encode("glass"));
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> signIn(user, "stone")).isInstanceOf(BadCredentialsException.class);
        }

        assertThatThrownBy(() -> signIn(user, "glass")).isInstanceOf(LockedException.class);

        now.updateAndGet(at -> at.plus(Duration.ofMinutes(16)));
        assertThat(signIn(user, "glass").isAuthenticated()).isTrue();
    }

    private EmergencyUser user(String hash) {
        return new EmergencyUser(new SignInSettings.Emergency("emergency", hash), new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now.get();
            }
        });
    }

    private static Authentication signIn(EmergencyUser user, String password) {
        return user.authenticate(UsernamePasswordAuthenticationToken.unauthenticated("emergency", password));
    }
}
