package dev.rackhouse.rehearsal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code bench start}: how long the packaged console needs until it answers, with its database already there, plain and with an AOT cache made
 * on the spot (JEP 514). Prints figures beside their goal; never fails on time.
 */
public final class BenchCommand {

    private static final int ROUNDS = 3;

    private BenchCommand() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0 || !arguments[0].equals("start")) {
            System.err.println("usage: bench start");
            System.exit(2);
        }
        Path folder = Files.createTempDirectory("rackhouse-bench");
        Path cache = folder.resolve("console.aot");
        try (PretendLabs labs = PretendLabs.start(folder.resolve("labs"), "--openid-only")) {
            try (ConsoleProcess first = ConsoleProcess.start("first", labs, folder, Map.of())) {
                System.out.printf(
                        Locale.ROOT,
                        "first start, database made     %5.1f s%n",
                        first.lastStart().toMillis() / 1000.0);
            }
            rounds("plain", labs, folder, List.of());
            ConsoleProcess.train(labs, folder, cache);
            rounds("with AOT cache", labs, folder, List.of("-XX:AOTCache=" + cache));
        }
        System.exit(0);
    }

    private static void rounds(String what, PretendLabs labs, Path folder, List<String> options) {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            try (ConsoleProcess console = ConsoleProcess.start(
                    what.replace(' ', '-') + i, labs, folder, Map.of("JDK_JAVA_OPTIONS", String.join(" ", options)))) {
                seconds.add(console.lastStart().toMillis() / 1000.0);
            }
        }
        System.out.printf("%-30s %s s   goal <= 5 with AOT cache%n", what, seconds);
    }
}
