package dev.rackhouse.access;

import dev.rackhouse.base.StartRefused;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** The master key, and what hangs on it. */
@Configuration(proxyBeanMethods = false)
class AccessBeans {

    private static final Logger LOG = LoggerFactory.getLogger(AccessBeans.class);

    /** The key that fits this database; made on the first start. Asks the database, so it comes after the migration. */
    @Bean
    MasterKey masterKey(Environment environment, JdbcClient jdbc) {
        return agree(MasterKeyFile.of(environment), jdbc);
    }

    static MasterKey agree(MasterKeyFile file, JdbcClient jdbc) {
        Optional<String> known =
                jdbc.sql("select id from master_key").query(String.class).optional();
        Optional<MasterKey> found = file.read();
        if (known.isPresent() && found.isEmpty()) {
            throw new StartRefused(
                    "The database holds data encrypted with the master key " + known.get()
                            + ", but there is no key file " + file.path() + ".",
                    "Put the key file back (it is in the console's own backup), or name the right file in RACKHOUSE_MASTER_KEY_FILE.");
        }
        if (known.isPresent() && !known.get().equals(found.orElseThrow().id())) {
            throw new StartRefused(
                    "The database holds data encrypted with the master key " + known.get() + ", but " + file.path()
                            + " holds the key " + found.orElseThrow().id() + ".",
                    "Use the key file that belongs to this database, or the database that belongs to this key.");
        }
        if (known.isPresent()) {
            return found.orElseThrow();
        }
        MasterKey key = found.orElseGet(() -> {
            MasterKey fresh = MasterKey.random();
            file.write(fresh);
            LOG.info(
                    "A new master key lies in {}. Keep a copy: the stored credentials cannot be read without it.",
                    file.path());
            return fresh;
        });
        int written = jdbc.sql("insert into master_key (id, created_at) values (:id, :at) on conflict do nothing")
                .param("id", key.id())
                .param("at", OffsetDateTime.now(Clock.systemUTC()))
                .update();
        return written == 1 ? key : agree(file, jdbc);
    }

    @Bean
    Secrets secrets(MasterKey key) {
        return new Secrets(key);
    }

    @Bean
    AuditChain auditChain(JdbcClient jdbc, MasterKey key) {
        return new AuditChain(jdbc, key);
    }

    @Bean
    JdbcAudit audit(AuditChain chain, PlatformTransactionManager transactions, ObjectProvider<Clock> clock) {
        return new JdbcAudit(chain, transactions, clock.getIfUnique(Clock::systemUTC));
    }

    @Bean
    AuditTrail auditTrail(JdbcClient jdbc, AuditChain chain) {
        return new AuditTrail(jdbc, chain);
    }

    @Bean
    AuditHeadLog auditHeadLog(AuditChain chain) {
        return new AuditHeadLog(chain);
    }

    @Bean
    AuditRetention auditRetention(
            JdbcClient jdbc, AuditChain chain, PlatformTransactionManager transactions, AuditHeadLog log) {
        return new AuditRetention(jdbc, chain, transactions, log::write);
    }
}
