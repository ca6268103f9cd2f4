package dev.rackhouse.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.testing.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class AuditTest {

    private static final Operator ADA = new Operator("ada", Role.ADMIN);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final DataSource database = TestDatabase.migrated();
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final JdbcTransactionManager transactions = new JdbcTransactionManager(database);
    private final MasterKey key = MasterKey.random();
    private final AuditChain chain = new AuditChain(jdbc, key);

    @Test
    void anUntouchedChainIsIntact() {
        record(5);

        assertThat(chain.verify()).isEqualTo(new AuditVerdict.Intact(5, null));
    }

    @Test
    void showsAChangedEntry() {
        record(5);
        jdbc.sql("update audit_entry set who = 'bob' where seq = 3").update();

        assertThat(chain.verify())
                .isInstanceOfSatisfying(
                        AuditVerdict.Broken.class,
                        broken -> assertThat(broken.seq()).isEqualTo(3));
    }

    @Test
    void showsAChangedTime() {
        record(2);
        jdbc.sql("update audit_entry set at = at + interval '1 microsecond' where seq = 2")
                .update();

        assertThat(chain.verify()).isInstanceOf(AuditVerdict.Broken.class);
    }

    @Test
    void showsMissingEntriesInTheMiddleAndAtTheEnd() {
        record(5);
        jdbc.sql("delete from audit_entry where seq = 2").update();
        assertThat(chain.verify().sentence()).isEqualTo("The chain breaks at entry 2: entries 2 to 2 are missing.");

        jdbc.sql("delete from audit_entry").update();
        assertThat(chain.verify().sentence()).contains("the newest entries, up to 5, are missing");
    }

    @Test
    void showsThatBothTheEntriesAndTheEndWereRemoved() {
        record(3);
        jdbc.sql("""
                update audit_chain set head_seq = 2, head_hash = (select hash from audit_entry where seq = 2)""").update();
        jdbc.sql("delete from audit_entry where seq = 3").update();

        assertThat(chain.verify().sentence()).contains("the record of its ends was changed");
    }

    @Test
    void aChainMadeAnewWithoutTheMasterKeyIsNotTaken() {
        record(new JdbcAudit(new AuditChain(jdbc, MasterKey.random()), transactions, Clock.systemUTC()), 3);

        assertThat(chain.verify()).isInstanceOf(AuditVerdict.Broken.class);
    }

    @Test
    void isRolledBackWithTheAct() {
        new TransactionTemplate(transactions).executeWithoutResult(status -> {
            audit(NOON).record(ADA, "lab connected", "lab thor", "");
            status.setRollbackOnly();
        });
        record(1);

        assertThat(chain.verify()).isEqualTo(new AuditVerdict.Intact(1, null));
    }

    @Test
    void staysInOrderWhenManyActAtOnce() {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 100)
                    .forEach(i ->
                            pool.submit(() -> new TransactionTemplate(transactions).executeWithoutResult(status -> {
                                audit(NOON).record(ADA, "guest started", "guest " + i, "");
                                audit(NOON).record(ADA, "guest stopped", "guest " + i, "");
                            })));
        }

        assertThat(chain.verify()).isEqualTo(new AuditVerdict.Intact(200, null));
    }

    @Test
    void staysCheckableAfterPruning() {
        audit(NOON.minus(Duration.ofDays(10))).record(ADA, "old", "", "");
        audit(NOON.minus(Duration.ofDays(9))).record(ADA, "old too", "", "");
        audit(NOON).record(ADA, "new", "", "");
        var retention = new AuditRetention(jdbc, chain, transactions, () -> {});

        assertThat(retention.purge(NOON.minus(Duration.ofDays(5)))).isEqualTo(2);

        assertThat(chain.verify()).isEqualTo(new AuditVerdict.Intact(1, NOON.minus(Duration.ofDays(9))));
        assertThat(retention.oldest()).isEqualTo(NOON);
        assertThat(retention.purge(NOON.plusSeconds(1))).isEqualTo(1);
        record(2);
        assertThat(chain.verify()).isEqualTo(new AuditVerdict.Intact(2, NOON));
        jdbc.sql("delete from audit_entry where seq = 4").update();
        assertThat(chain.verify()).isInstanceOf(AuditVerdict.Broken.class);
    }

    @Test
    void takesHostileText() {
        audit(NOON).record(new Operator("a\0b", Role.VIEWER), "x".repeat(10_000), "<script>", "\ud800");

        assertThat(new AuditTrail(jdbc, chain).find(new AuditTrail.Filter("<SCRIPT>", null, null), 0, 10))
                .singleElement()
                .satisfies(entry -> assertThat(entry.what()).hasSize(500));
        assertThat(chain.verify()).isInstanceOf(AuditVerdict.Intact.class);
    }

    @Test
    void isFilteredByTextAndTime() {
        record(3);
        audit(NOON.plusSeconds(60)).record(ADA, "lab removed", "lab thor", "");
        var trail = new AuditTrail(jdbc, chain);

        assertThat(trail.count(AuditTrail.Filter.all())).isEqualTo(4);
        assertThat(trail.find(new AuditTrail.Filter("THOR", null, null), 0, 10)).hasSize(1);
        assertThat(trail.find(new AuditTrail.Filter("", NOON.plusSeconds(1), null), 0, 10))
                .hasSize(1);
        assertThat(trail.find(new AuditTrail.Filter("", null, NOON.plusSeconds(1)), 1, 10))
                .hasSize(2);
    }

    private JdbcAudit audit(Instant at) {
        return new JdbcAudit(chain, transactions, Clock.fixed(at, ZoneOffset.UTC));
    }

    private void record(int times) {
        record(audit(NOON), times);
    }

    private static void record(JdbcAudit audit, int times) {
        for (int i = 0; i < times; i++) {
            audit.record(ADA, "guest started", "guest " + i, "");
        }
    }
}
