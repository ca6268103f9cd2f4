package dev.rackhouse.lab;

import dev.rackhouse.access.Audit;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Secrets;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts the labs together, and reads the labs file once everything else is made. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LabSettings.class)
class LabBeans {

    private final Clock clock = Clock.systemUTC();

    @Bean
    LabStore labStore(JdbcClient jdbc, Secrets secrets) {
        return new LabStore(jdbc, secrets);
    }

    @Bean
    Labs labs(LabStore store, Secrets secrets) {
        return new Labs(store, secrets, clock);
    }

    @Bean
    LabAdministration labAdministration(
            LabStore store,
            Labs labs,
            CurrentOperator operators,
            Audit audit,
            ApplicationEventPublisher events,
            PlatformTransactionManager transactions) {
        return new LabAdministration(
                store, labs, operators, audit, events, new TransactionTemplate(transactions), clock);
    }

    @Bean
    LabTesting labTesting(Labs labs, CurrentOperator operators) {
        return new LabTesting(labs, operators, clock);
    }

    @Bean
    SmartInitializingSingleton declaredLabs(
            LabSettings settings, LabStore store, Labs labs, LabAdministration administration) {
        DeclaredLabs declared = new DeclaredLabs(store, labs, administration);
        return () -> {
            String file = settings.file();
            if (file == null || file.isBlank()) {
                declared.release();
            } else {
                declared.apply(new LabsFile(Path.of(file), System::getenv).read());
            }
        };
    }
}
