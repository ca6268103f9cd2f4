package dev.rackhouse.inference.fit;

import dev.rackhouse.base.ByteSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** llama.cpp on a Mac: everything must fit into what the GPU may wire. */
final class UnifiedAccount {

    private static final double MIB = 1024.0 * 1024;

    private UnifiedAccount() {}

    static Account of(FitQuestion question, FitQuestion.Unified where) {
        UnifiedMemory machine = where.memory();
        LlamaMemory memory = LlamaMemory.of(question.shape(), question.weights(), question.profile());
        double used =
                Objects.requireNonNullElse(machine.used(), new ByteSize(0)).bytes();
        double total = memory.total(1);
        double limit = machine.limitMiB() * MIB;
        boolean fits = total + used <= limit;
        GpuShare share = GpuShare.of(
                machine.label(),
                new ByteSize((long) limit),
                new ByteSize((long) Math.min(limit, used)),
                memory.weights(),
                memory.buffers(),
                memory.kv() + memory.state());
        MemoryPlan plan = new MemoryPlan(
                List.of(share),
                question.profile().contextTokens(),
                (long) question.profile().contextTokens() * question.profile().sequences(),
                LlamaAccount.concurrency(
                        memory,
                        limit - used - memory.buffers(),
                        question.profile().sequences()),
                limit - used - total < 0.1 * total,
                machine.used() == null
                        ? "Nobody has measured what others use; the GPU's share is taken as empty."
                        : "");
        String shortage = fits
                ? ""
                : String.format(
                        Locale.ROOT,
                        "It takes %,.0f MiB, and the GPU may wire %,d MiB%s%s.",
                        total / MIB,
                        machine.limitMiB(),
                        machine.wiredLimitMiB() == 0 ? " (the default of macOS)" : "",
                        used == 0 ? "" : String.format(Locale.ROOT, ", of which others use %,.0f MiB", used / MIB));
        return new Account(
                plan,
                fits,
                shortage,
                LlamaAccount.obstacles(question),
                List.of(),
                LlamaAccount.candidates(question.profile(), memory),
                remedies(machine, (total + used) / MIB),
                notes(machine, fits));
    }

    private static List<Remedy> remedies(UnifiedMemory machine, double neededMiB) {
        int least = UnifiedMemory.demandMiB(neededMiB);
        int highest = machine.highestLimitMiB();
        return least > machine.limitMiB() && least <= highest
                ? List.of(new Remedy.RaiseWiredLimit(least, Math.min(highest, least + 4096)))
                : List.of();
    }

    private static List<String> notes(UnifiedMemory machine, boolean fits) {
        List<String> notes = new ArrayList<>();
        if (fits && machine.wiredLimitMiB() > 0) {
            notes.add("The limit of " + String.format(Locale.ROOT, "%,d", machine.wiredLimitMiB())
                    + " MiB is lost at each reboot: check it again before the next start.");
        }
        return notes;
    }
}
