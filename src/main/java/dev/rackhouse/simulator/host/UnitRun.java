package dev.rackhouse.simulator.host;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A unit that was started: running, or how it ended. */
final class UnitRun {
    final String invocation = UUID.randomUUID().toString().replace("-", "");
    final boolean collect;
    final boolean remain;
    final boolean fromDisk;
    volatile @Nullable Process process;
    volatile @Nullable Integer status;
    volatile boolean stopped;

    /**
     * @param collect whether it is forgotten also when it failed
     * @param remain whether it counts as active after its end
     * @param fromDisk whether it has a file, and is known whether it runs or not
     */
    UnitRun(boolean collect, boolean remain, boolean fromDisk) {
        this.collect = collect;
        this.remain = remain;
        this.fromDisk = fromDisk;
    }

    boolean running() {
        return status == null;
    }

    boolean failed() {
        Integer code = status;
        return code != null && code != 0 && !stopped;
    }

    String active() {
        return running() || (remain && !failed() && !stopped) ? "active" : failed() ? "failed" : "inactive";
    }

    String sub() {
        return running() ? "running" : failed() ? "failed" : remain && !stopped ? "exited" : "dead";
    }

    boolean killed() {
        Integer code = status;
        return code != null && code > 128;
    }

    /** Ends its process and those below it. */
    void kill() {
        stopped = true;
        Process now = process;
        if (now != null) {
            now.descendants().forEach(ProcessHandle::destroyForcibly);
            now.destroyForcibly();
        }
    }
}
