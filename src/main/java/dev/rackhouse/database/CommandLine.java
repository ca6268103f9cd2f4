package dev.rackhouse.database;

import dev.rackhouse.base.Secret;
import dev.rackhouse.base.StartRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The common part of the two commands: the same settings as the console (files, environment, {@code --name=value}), quiet logs, and
 * refusals as sentences.
 */
final class CommandLine {

    /** A command's work. */
    interface Work {
        void with(Path file, List<String> flags, Environment environment) throws Exception;
    }

    private CommandLine() {}

    static void run(String usage, String[] arguments, Work work) {
        List<String> files =
                Arrays.stream(arguments).filter(a -> !a.startsWith("--")).toList();
        List<String> flags = Arrays.stream(arguments)
                .filter(a -> a.startsWith("--") && !a.contains("="))
                .toList();
        if (files.size() != 1 || flags.contains("--help")) {
            System.err.println(usage);
            System.exit(flags.contains("--help") ? 0 : 2);
        }
        try {
            work.with(Path.of(files.getFirst()), flags, environment(arguments));
        } catch (StartRefused refused) {
            System.err.println(refused.reason());
            System.err.println(refused.remedy());
            System.exit(1);
        } catch (Exception e) {
            System.err.println("It did not work: " + e.getMessage());
            e.printStackTrace(System.err);
            System.exit(1);
        }
    }

    /** From the environment or a file named there; null when neither is set. */
    static @Nullable Secret passphrase(Environment environment) throws IOException {
        String text = environment.getProperty("rackhouse.backup-passphrase", "");
        String file = environment.getProperty("rackhouse.backup-passphrase-file", "");
        if (text.isBlank() && !file.isBlank()) {
            text = Files.readString(Path.of(file)).strip();
        }
        return text.isBlank() ? null : new Secret(text);
    }

    private static StandardEnvironment environment(String[] arguments) {
        LoggingSystem logging = LoggingSystem.get(CommandLine.class.getClassLoader());
        logging.beforeInitialize();
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(arguments));
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        ConfigurationPropertySources.attach(environment);
        logging.initialize(new LoggingInitializationContext(environment), null, null);
        logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.WARN);
        return environment;
    }
}
