package dev.rackhouse.inference;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * {@code health-day [--seed S] [--engines N]}: plays a simulated day of engines and prints how many restarts would have been proposed
 * for healthy ones (must be 0) and how fast wedges were found (must be at most 120 s). Needs no database and no network.
 */
public final class HealthDayCommand {

    private static final long GOAL_SECONDS = 120;

    private HealthDayCommand() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    /** @return 0; 1 when a goal was missed; 2 when the arguments are wrong */
    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        long seed = 1;
        int engines = 8;
        for (int i = 0; i < arguments.size(); i += 2) {
            String value = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            if (!value.matches("\\d{1,9}") || !List.of("--seed", "--engines").contains(arguments.get(i))) {
                err.println("Usage: health-day [--seed S] [--engines N]");
                return 2;
            }
            if (arguments.get(i).equals("--seed")) {
                seed = Long.parseLong(value);
            } else {
                engines = Math.max(1, Integer.parseInt(value));
            }
        }
        return print(new HealthDay(seed, engines, Duration.ofDays(1)).play(), seed, out);
    }

    private static int print(HealthDay.Report report, long seed, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "A day of %d engines (seed %d), looked at every 5 s: %s%n",
                report.engines(),
                seed,
                report.looks());
        out.printf(Locale.ROOT, "reloads by people          %d%n", report.reloads());
        out.printf(
                Locale.ROOT,
                "restarts of healthy ones   %d%n",
                report.wrongRestarts().size());
        report.wrongRestarts().stream().limit(20).forEach(w -> out.println("  " + w));
        out.printf(Locale.ROOT, "wedges injected            %d, not found %d%n", report.wedges(), report.missed());
        report.foundSeconds()
                .forEach((wedge, seconds) -> out.printf(
                        Locale.ROOT,
                        "  %-12s %4d found, median %d s, longest %d s%n",
                        wedge.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        seconds.size(),
                        seconds.stream()
                                .sorted()
                                .skip(seconds.size() / 2)
                                .findFirst()
                                .orElse(0L),
                        seconds.stream().mapToLong(s -> s).max().orElse(0)));
        boolean good =
                report.wrongRestarts().isEmpty() && report.missed() == 0 && report.longestSeconds() <= GOAL_SECONDS;
        out.println(
                good
                        ? "All as it must be."
                        : "NOT as it must be: 0 restarts of healthy ones, wedges found within 120 s.");
        out.flush();
        return good ? 0 : 1;
    }
}
