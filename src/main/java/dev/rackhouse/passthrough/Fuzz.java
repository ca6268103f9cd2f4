package dev.rackhouse.passthrough;

import dev.rackhouse.passthrough.fuzz.HostMaker;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Makes random hosts, asks each runbook for every device of each, and holds what the console answers against what the maker of the
 * host knows: nothing that a host needs may ever be offered, planned, or named in a command. Needs no database and no network.
 */
public final class Fuzz {

    private static final int CHUNK = 1_000;
    private static final int SHOWN = 20;

    private Fuzz() {}

    /**
     * @param arguments {@code [--hosts N] [--seed S]}
     * @param runbooks what is held against the hosts
     * @return 0; 1 after a violation; 2 when it was asked wrongly
     */
    public static int run(List<String> arguments, List<FuzzedRunbook> runbooks, PrintStream out, PrintStream err) {
        long hosts = 10_000;
        long seed = 1;
        for (int i = 0; i < arguments.size(); i += 2) {
            String value = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            boolean number = value.matches("[0-9]{1,15}");
            if (number && arguments.get(i).equals("--hosts")) {
                hosts = Long.parseLong(value);
            } else if (number && arguments.get(i).equals("--seed")) {
                seed = Long.parseLong(value);
            } else {
                err.println("Usage: fuzz [--hosts N] [--seed S]   (whole numbers; the first host has seed S)");
                return 2;
            }
        }
        return run(hosts, seed, runbooks, out).violations().isEmpty() ? 0 : 1;
    }

    static FuzzedHost run(long hosts, long seed, List<FuzzedRunbook> runbooks, PrintStream out) {
        FuzzedHost sum = FuzzedHost.nothing();
        for (long done = 0; done < hosts; done += CHUNK) {
            long end = Math.min(hosts, done + CHUNK);
            sum = LongStream.range(seed + done, seed + end)
                    .parallel()
                    .mapToObj(s -> FuzzedHost.check(HostMaker.make(s), runbooks))
                    .reduce(FuzzedHost::plus)
                    .map(plus(sum))
                    .orElse(sum);
            out.println("%d of %d hosts, %d drafts, %d offered, %d violations"
                    .formatted(
                            end,
                            hosts,
                            sum.drafts(),
                            sum.offered(),
                            sum.violations().size()));
        }
        sum.violations().stream().limit(SHOWN).forEach(out::println);
        if (sum.violations().size() > SHOWN) {
            out.println("and " + (sum.violations().size() - SHOWN) + " more");
        }
        out.println("free GPUs %d withheld %d".formatted(sum.free(), sum.withheld()));
        out.println(outlines(sum.outlines(), runbooks));
        out.println("hosts %d drafts %d offered %d refused %d violations %d"
                .formatted(
                        hosts,
                        sum.drafts(),
                        sum.offered(),
                        sum.refused(),
                        sum.violations().size()));
        out.flush();
        return sum;
    }

    /** How many outlines were held against the oracle: a runbook that never has one was not looked at. */
    private static String outlines(Map<String, Integer> counted, List<FuzzedRunbook> runbooks) {
        return runbooks.stream()
                .map(r -> r.name() + " " + counted.getOrDefault(r.name(), 0))
                .collect(Collectors.joining(", ", "outlines ", ""));
    }

    private static UnaryOperator<FuzzedHost> plus(FuzzedHost before) {
        return before::plus;
    }
}
