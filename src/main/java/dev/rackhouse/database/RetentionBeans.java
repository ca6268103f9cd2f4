package dev.rackhouse.database;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;
import dev.rackhouse.access.Audit;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.base.Retained;
import java.time.Clock;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Retention and its daily task; several consoles on one database purge once. */
@Configuration(proxyBeanMethods = false)
class RetentionBeans {

    @Bean
    Retention retention(
            List<Retained> kinds, JdbcClient jdbc, Audit audit, CurrentOperator operator, ObjectProvider<Clock> clock) {
        return new Retention(kinds, jdbc, audit, operator, clock.getIfUnique(Clock::systemUTC));
    }

    @Bean
    RecurringTask<Void> purgeOldRecords(Retention retention) {
        return Tasks.recurring("purge-old-records", Schedules.daily(ZoneOffset.UTC, LocalTime.of(3, 17)))
                .execute((instance, context) -> retention.purge());
    }
}
