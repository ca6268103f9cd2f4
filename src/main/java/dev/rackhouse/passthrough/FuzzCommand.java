package dev.rackhouse.passthrough;

import dev.rackhouse.passthrough.fuzz.HostMaker;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.LongStream;

/**
 * {@code fuzz [--hosts N] [--seed S]}: makes random hosts, asks for every device of each, and holds the console's answers against
 * what the maker of the host knows: nothing that a host needs may ever be offered, planned, or named in a command. Needs no database
 * and no network. Ends with 1 when something was violated.
 */
public final class FuzzCommand {

    /** Every runbook that gives devices away or takes them; a new one is added here. */
    static final List<FuzzedRunbook> RUNBOOKS = List.of(new FuzzedCreation());

    private static final int CHUNK = 1_000;
    private static final int SHOWN = 20;

    private FuzzCommand() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    /** @return 0; 1 after a violation; 2 when it was asked wrongly */
    static int run(List<String> arguments, PrintStream out, PrintStream err) {
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
        return run(hosts, seed, out).violations().isEmpty() ? 0 : 1;
    }

    static FuzzedHost run(long hosts, long seed, PrintStream out) {
        FuzzedHost sum = new FuzzedHost(0, 0, 0, 0, 0, List.of());
        for (long done = 0; done < hosts; done += CHUNK) {
            long end = Math.min(hosts, done + CHUNK);
            sum = LongStream.range(seed + done, seed + end)
                    .parallel()
                    .mapToObj(s -> FuzzedHost.check(HostMaker.make(s), RUNBOOKS))
                    .reduce(FuzzCommand::plus)
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

    private static java.util.function.UnaryOperator<FuzzedHost> plus(FuzzedHost before) {
        return more -> plus(before, more);
    }

    private static FuzzedHost plus(FuzzedHost a, FuzzedHost b) {
        return new FuzzedHost(
                a.drafts() + b.drafts(),
                a.offered() + b.offered(),
                a.refused() + b.refused(),
                a.free() + b.free(),
                a.withheld() + b.withheld(),
                b.violations().isEmpty()
                        ? a.violations()
                        : java.util.stream.Stream.concat(a.violations().stream(), b.violations().stream())
                                .toList());
    }
}
