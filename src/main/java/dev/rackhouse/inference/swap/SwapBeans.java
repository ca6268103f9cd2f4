package dev.rackhouse.inference.swap;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What swaps need of Spring; several consoles on one database keep the modes once. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ModeKeeping.class)
class SwapBeans {

    private static final Duration NEVER = Duration.ofDays(365);

    @Bean
    RecurringTask<Void> keepDesiredModes(ModeKeeper keeper, ModeKeeping settings) {
        boolean keeps = settings.every().isPositive();
        return Tasks.recurring("keep-desired-modes", FixedDelay.of(keeps ? settings.every() : NEVER))
                .execute((instance, context) -> {
                    if (keeps) {
                        keeper.keep();
                    }
                });
    }
}
