package dev.rackhouse.runbook;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerCustomizer;
import com.github.kagkarlsson.scheduler.task.Task;
import dev.rackhouse.access.Audit;
import dev.rackhouse.access.DataDirectory;
import dev.rackhouse.access.Secrets;
import dev.rackhouse.lab.Labs;
import java.time.Clock;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/** The engine's parts and how they hang together. */
@Configuration(proxyBeanMethods = false)
class RunbookBeans {

    /** Stored runs are read by later versions: this mapper is ours alone and changes with nobody's settings. */
    private final JsonMapper json = JsonMapper.builder().build();

    /** Needs the tables, so it asks for the client that waits for the migration. */
    @Bean(destroyMethod = "close")
    Instance consoleInstance(Environment environment, DataSource source, JdbcClient jdbc) {
        return Instance.claim(DataDirectory.of(environment).path(), source, jdbc);
    }

    @Bean
    DbSchedulerCustomizer schedulerIsNamedAfterTheConsole(Instance instance) {
        return new DbSchedulerCustomizer() {
            @Override
            public Optional<SchedulerName> schedulerName() {
                return Optional.of(new SchedulerName.Fixed(instance.name()));
            }
        };
    }

    @Bean
    Judges judges(ObjectProvider<NamedCondition> conditions) {
        return new Judges(conditions.orderedStream().toList());
    }

    @Bean
    RunbookShelf runbookShelf(ObjectProvider<Runbook<?>> runbooks) {
        return new RunbookShelf(runbooks.orderedStream().toList());
    }

    @Bean
    RunSecrets runSecrets(JdbcClient jdbc, Secrets secrets) {
        return new RunSecrets(jdbc, secrets);
    }

    @Bean
    RunJournal runJournal(JdbcTemplate template, PlatformTransactionManager transactions, ObjectProvider<Clock> clock) {
        return new RunJournal(template, transactions, json, clock.getIfUnique(Clock::systemUTC));
    }

    @Bean(destroyMethod = "close")
    RunScheduling runScheduling(ObjectProvider<Scheduler> scheduler, JdbcClient jdbc, ObjectProvider<Clock> clock) {
        return new RunScheduling(scheduler::getObject, jdbc, clock.getIfUnique(Clock::systemUTC));
    }

    @Bean
    Machines machines(Labs labs) {
        return new LabMachines(labs);
    }

    @Bean
    RunExecutor runExecutor(
            Instance instance,
            RunJournal journal,
            RunSecrets secrets,
            Machines machines,
            Judges judges,
            ApplicationEventPublisher events,
            ObjectProvider<CrashPoints> crashes,
            ObjectProvider<Clock> clock) {
        return new RunExecutor(
                instance.name(),
                journal,
                secrets,
                machines,
                judges,
                crashes.getIfAvailable(CrashPoints::none),
                (work, state) -> events.publishEvent(new RunFinished(
                        work.id, work.runbook, work.outline.title(), work.outline.target(), work.operator, state)),
                clock.getIfUnique(Clock::systemUTC));
    }

    @Bean
    Task<Void> runTask(RunScheduling scheduling, ObjectProvider<RunExecutor> executor) {
        return scheduling.task(executor::getObject);
    }

    @Bean
    Runs runs(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            RunbookShelf shelf,
            RunSecrets secrets,
            Judges judges,
            RunScheduling queue,
            Audit audit,
            ApplicationEventPublisher events,
            ObjectProvider<Clock> clock) {
        return new JdbcRuns(
                jdbc,
                transactions,
                json,
                new RunReader(jdbc, json, shelf),
                secrets,
                judges,
                queue,
                audit,
                events,
                clock.getIfUnique(Clock::systemUTC));
    }

    @Bean
    RunEvidenceRetention runEvidenceRetention(JdbcClient jdbc) {
        return new RunEvidenceRetention(jdbc);
    }

    @Bean(destroyMethod = "close")
    RunFeed runFeed(DataSource source) {
        return new RunFeed(source);
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> runsAreTakenUp(RunScheduling scheduling, RunFeed feed) {
        return _ -> {
            feed.start();
            scheduling.startSweeping();
        };
    }
}
