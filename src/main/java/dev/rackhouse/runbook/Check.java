package dev.rackhouse.runbook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A look at a machine and what must be true of the answer.
 *
 * @param read changes nothing: an API or service call that changes nothing (GET, agent/ping, a question to a model), a script that only reads
 * @param all all must hold
 * @param binds values taken from the answer when all hold
 */
public record Check(Command read, List<Condition> all, List<Binding> binds) {

    public Check {
        boolean reads = switch (read) {
            case Command.ApiCall _, Command.ServiceCall _ -> !read.changes();
            case Command.Shell _ -> true;
            case Command.FileEdit _, Command.SysfsWrite _, Command.Wait _, Command.Pause _ -> false;
        };
        if (!reads) {
            throw new IllegalArgumentException("A check only reads: a GET or a script, not " + read);
        }
        all = List.copyOf(all);
        binds = List.copyOf(binds);
    }

    public static Check that(Command read, Condition... all) {
        return new Check(read, Arrays.asList(all), List.of());
    }

    public Check and(Condition condition) {
        List<Condition> more = new ArrayList<>(all);
        more.add(condition);
        return new Check(read, more, binds);
    }

    /** A copy that also takes a value from the answer. */
    public Check binding(Binding binding) {
        List<Binding> more = new ArrayList<>(binds);
        more.add(binding);
        return new Check(read, all, more);
    }
}
