package dev.rackhouse.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.Verdict.Level;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Age and reachability become one word with a reason; what is not known is never green. */
class StandingsTest {

    private static final Instant NOW = Instant.parse("2026-11-21T06:00:00Z");
    private static final Duration STALE = Duration.ofSeconds(36);

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // seconds since seen, failing since, code -> level, reason
                "-, -, -, UNKNOWN, lab.new",
                "5, -, -, OK, -",
                "36, -, -, OK, -",
                "37, -, -, STALE, lab.not-collected",
                "20, 8, timed-out, OK, -",
                "60, 48, timed-out, STALE, lab.timed-out",
                "5, 1, refused, CRITICAL, lab.refused",
                "5, 1, untrusted, CRITICAL, lab.untrusted",
                "-, 1, unreachable, CRITICAL, lab.unreachable",
                "900, 888, unreadable, STALE, lab.unreadable"
            })
    void aLab(
            @Nullable Long seen, @Nullable Long failing, @Nullable String code, Level level, @Nullable String reason) {
        Verdict verdict = Standings.lab(contact(seen, failing, code), false, NOW, STALE);

        assertThat(verdict.level()).isEqualTo(level);
        assertThat(verdict.reasons().stream()
                        .map(Verdict.Reason::code)
                        .findFirst()
                        .orElse(null))
                .isEqualTo(reason);
    }

    @Test
    void aPausedLabIsStaleHoweverFresh() {
        assertThat(Standings.lab(contact(1L, null, null), true, NOW, STALE).level())
                .isEqualTo(Level.STALE);
    }

    @ParameterizedTest
    @CsvSource({"online, OK", "offline, CRITICAL", "unknown, UNKNOWN", "somethingNew, UNKNOWN"})
    void aNodeInTheClustersWord(String status, Level level) {
        assertThat(node(status, Verdict.ok(), contact(1L, null, null)).level()).isEqualTo(level);
    }

    @Test
    void aNodeOfASilentLabIsStaleEvenIfItWasOnline() {
        Verdict lab = Verdict.of(Level.CRITICAL, "lab.refused", "The token was refused.");

        Verdict node = node("online", lab, contact(1L, null, null));

        assertThat(node.level()).isEqualTo(Level.STALE);
        assertThat(node.reasons().getFirst().sentence()).isEqualTo("The token was refused.");
    }

    @Test
    void aFailedProbeSaysHowOldTheFactsAre() {
        Verdict node = node("online", Verdict.ok(), contact(7200L, 60L, "timed-out"));

        assertThat(node.level()).isEqualTo(Level.ATTENTION);
        assertThat(node.reasons().getFirst().sentence()).contains("from 2 h ago");
    }

    @ParameterizedTest
    @CsvSource({"available, 0.5, OK", "available, 0.91, ATTENTION", "available, 0.98, CRITICAL", "unknown, 0.5, UNKNOWN"
    })
    void aStorage(String status, double share, Level level) {
        assertThat(Standings.storage(status, share, false, Verdict.ok()).level())
                .isEqualTo(level);
    }

    @Test
    void aStorageOfUnknownSizeIsNotGreen() {
        assertThat(Standings.storage("available", null, false, Verdict.ok()).level())
                .isEqualTo(Level.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"running, OK", "stopped, OFF", "paused, ATTENTION", "io-error, CRITICAL", "unknown, UNKNOWN"})
    void aGuest(String status, Level level) {
        assertThat(Standings.guest(status, false, Verdict.ok()).level()).isEqualTo(level);
    }

    private static Verdict node(String status, Verdict lab, Contact probe) {
        return Standings.node(status, null, false, lab, probe, false, NOW);
    }

    private static Contact contact(@Nullable Long seen, @Nullable Long failing, @Nullable String code) {
        return new Contact(
                "cluster",
                "",
                NOW,
                seen == null ? null : NOW.minusSeconds(seen),
                failing == null ? null : NOW.minusSeconds(failing),
                code,
                code == null ? null : "It did not work.");
    }
}
