package dev.rackhouse.testing;

import dev.rackhouse.Rackhouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.MapPropertySource;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;
import org.springframework.test.context.TestExecutionListeners;

/**
 * The whole console in the test's JVM on a fresh database, without a network port and with a sign-in provider that is down. All
 * tests with this annotation share one application context, so none may rely on being alone in the database. Screens: extend
 * {@code SpringBrowserlessTest} and say who looks with {@link AsViewer}, {@link AsOperator} or {@link AsAdmin}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(classes = Rackhouse.class)
@TestExecutionListeners(
        listeners = ConsoleTest.OwnSecurityContext.class,
        mergeMode = TestExecutionListeners.MergeMode.MERGE_WITH_DEFAULTS)
@ContextConfiguration(initializers = ConsoleTest.Settings.class)
public @interface ConsoleTest {

    /**
     * Vaadin puts its holder of the security context in place for the whole JVM, so the context that started last wins. Each test gets
     * the one of its own console back before it signs in.
     */
    class OwnSecurityContext implements TestExecutionListener, Ordered {
        @Override
        public int getOrder() {
            return Ordered.HIGHEST_PRECEDENCE + 5000;
        }

        @Override
        public void beforeTestMethod(TestContext test) {
            SecurityContextHolder.setContextHolderStrategy(
                    test.getApplicationContext().getBean(SecurityContextHolderStrategy.class));
        }
    }

    /** A database and a data directory of its own, and the settings without which the console does not start. */
    class Settings implements ApplicationContextInitializer<ConfigurableApplicationContext> {
        @Override
        public void initialize(ConfigurableApplicationContext context) {
            TestDatabase.Address database = TestDatabase.empty();
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "console-test",
                            Map.of(
                                    "rackhouse.database.url",
                                    database.url(),
                                    "rackhouse.database.user",
                                    database.user(),
                                    "rackhouse.database.password",
                                    database.password(),
                                    "rackhouse.data-directory",
                                    directory().toString(),
                                    "rackhouse.sign-in.issuer",
                                    "http://127.0.0.1:9/",
                                    "rackhouse.sign-in.client-id",
                                    "rackhouse",
                                    "rackhouse.sign-in.client-secret",
                                    "for tests only",
                                    "rackhouse.sign-in.provider-name",
                                    "the test's provider",
                                    "rackhouse.inference.live.collect",
                                    "false")));
        }

        static Path directory() {
            try {
                Path directory = Files.createTempDirectory("rackhouse-test");
                directory.toFile().deleteOnExit();
                return directory;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
