package dev.rackhouse.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.Retained;
import dev.rackhouse.testing.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class RetentionTest {

    private static final Instant NOW = Instant.parse("2026-03-01T03:17:00Z");

    private final List<String> audited = new ArrayList<>();
    private final FakeKind changes = new FakeKind("changes", 90);
    private final FakeKind samples = new FakeKind("samples", 30);
    private final CurrentOperator admin = () -> Optional.of(new Operator("ada", Role.ADMIN));
    private final Retention retention = new Retention(
            List.of(samples, changes),
            JdbcClient.create(TestDatabase.migrated()),
            (who, what, target, detail) -> audited.add(who.name() + ": " + what + ", " + target + ", " + detail),
            admin,
            Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void keepsByDefaultAndAsAnAdminSays() {
        retention.keep("samples", 7);

        assertThat(retention.list())
                .extracting(Retention.Kind::key, Retention.Kind::keptDays, Retention.Kind::defaultDays)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("changes", 90, 90),
                        org.assertj.core.groups.Tuple.tuple("samples", 7, 30));
        assertThat(audited).containsExactly("ada: retention changed, samples of it, kept for 7 days, before 30");
    }

    @Test
    void purgesEachKindAndGoesOnAfterAFailure() {
        changes.failing = true;
        retention.keep("samples", 7);
        audited.clear();

        retention.purge();

        assertThat(samples.purgedBefore).isEqualTo(NOW.minus(Duration.ofDays(7)));
        assertThat(audited).containsExactly("rackhouse: old records dropped, samples of it, 3 older than 7 days");
        assertThat(retention.list())
                .filteredOn(kind -> kind.key().equals("samples"))
                .singleElement()
                .satisfies(kind -> {
                    assertThat(kind.purged()).isEqualTo(3);
                    assertThat(kind.purgedAt()).isEqualTo(NOW);
                    assertThat(kind.keptDays()).isEqualTo(7);
                });
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> retention.keep("nothing", 5)).hasMessageContaining("nothing");
        assertThatThrownBy(() -> retention.keep("samples", 0)).hasMessageContaining("1 to 36,500");
        assertThat(audited).isEmpty();
    }

    private static final class FakeKind implements Retained {
        private final String key;
        private final int days;
        private boolean failing;
        private Instant purgedBefore = Instant.EPOCH;

        FakeKind(String key, int days) {
            this.key = key;
            this.days = days;
        }

        @Override
        public String key() {
            return key;
        }

        @Override
        public String title() {
            return key + " of it";
        }

        @Override
        public Duration keptByDefault() {
            return Duration.ofDays(days);
        }

        @Override
        public long purge(Instant before) {
            if (failing) {
                throw new IllegalStateException("table locked");
            }
            purgedBefore = before;
            return 3;
        }

        @Override
        public Instant oldest() {
            return NOW.minus(Duration.ofDays(100));
        }
    }
}
