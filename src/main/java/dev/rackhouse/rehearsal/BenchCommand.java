package dev.rackhouse.rehearsal;

import dev.rackhouse.runbook.StepOverhead;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;

/**
 * {@code bench start}: how long the packaged console needs until it answers, with its database already there, plain and with an AOT cache made
 * on the spot (JEP 514). {@code bench step}: what the engine adds to a step whose machine answers at once. {@code bench swap}: swaps of
 * the serving mode under load. {@code bench health}: how fast the console tells what is wrong with an engine. Prints figures beside their goal; never fails on time.
 */
public final class BenchCommand {

    private static final int ROUNDS = 3;
    private static final int STEPS = 200;
    private static final int SWAPS = 100;

    private BenchCommand() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments.length == 0 ? "" : arguments[0]) {
            case "start" -> start(Files.createTempDirectory("rackhouse-bench"));
            case "step" -> step(Files.createTempDirectory("rackhouse-bench"));
            case "swap" -> {
                List<String> words = new ArrayList<>(List.of(arguments).subList(1, arguments.length));
                boolean sleep = words.remove("--sleep");
                int times = words.isEmpty() ? SWAPS : Integer.parseInt(words.getFirst());
                System.exit(SwapBench.run(Files.createTempDirectory("rackhouse-bench"), times, sleep) ? 0 : 1);
            }
            case "health" -> System.exit(HealthBench.run(Files.createTempDirectory("rackhouse-bench")) ? 0 : 1);
            default -> {
                System.err.println("usage: bench start | step | swap [TIMES] [--sleep] | health");
                System.exit(2);
            }
        }
        System.exit(0);
    }

    private static void step(Path folder) {
        try (PretendLabs labs = PretendLabs.start(folder.resolve("labs"), "bare");
                Workbench workbench = Workbench.start(labs, folder.resolve("data"), Map.of())) {
            for (int round = 1; round <= ROUNDS; round++) {
                StepOverhead.Measured measured = StepOverhead.measure(workbench.part(DataSource.class), STEPS);
                System.out.printf(
                        Locale.ROOT,
                        "%d steps, each checked and proved   median %5.1f ms   slowest %6.1f ms   goal <= 20 ms median%n",
                        measured.steps(),
                        measured.median().toNanos() / 1e6,
                        measured.slowest().toNanos() / 1e6);
            }
        }
    }

    private static void start(Path folder) throws Exception {
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
