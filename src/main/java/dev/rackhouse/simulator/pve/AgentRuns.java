package dev.rackhouse.simulator.pve;

import dev.rackhouse.simulator.world.AgentAnswer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Commands that guest agents run; a finished one can be read once. Thread-safe. */
final class AgentRuns {
    private final Map<String, State> runs = new ConcurrentHashMap<>();
    private final AtomicLong pids = new AtomicLong(1200);
    /** Files written into guests whose machine has no file system of its own. */
    final Map<String, String> files = new ConcurrentHashMap<>();

    /** answer is null while the command runs. */
    record State(@Nullable AgentAnswer answer) {}

    long begin(int vmid) {
        long pid = pids.incrementAndGet();
        runs.put(vmid + "/" + pid, new State(null));
        return pid;
    }

    void end(int vmid, long pid, AgentAnswer answer) {
        runs.put(vmid + "/" + pid, new State(answer));
    }

    @Nullable
    State read(int vmid, long pid) {
        State state = runs.get(vmid + "/" + pid);
        if (state != null && state.answer() != null) {
            runs.remove(vmid + "/" + pid);
        }
        return state;
    }
}
