package dev.rackhouse.simulator.host;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The timers of a machine that wait now, in simulated time. They end with the power; those on disk start again at boot. */
final class UnitTimers {
    private final Pace pace;
    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
    private volatile long bootNanos = System.nanoTime();

    /** A timer: what it starts, and when. */
    private record Waiting(String activates, long due, Runnable work) {}

    UnitTimers(Pace pace) {
        this.pace = pace;
    }

    void booted() {
        bootNanos = System.nanoTime();
    }

    void forget() {
        waiting.clear();
    }

    /** Starts a timer of the disk: the first of its times that lies ahead counts; one that has passed counts at once. */
    void start(UnitFile timer, Runnable work) {
        double sinceBoot = (System.nanoTime() - bootNanos) / 1e9 * pace.speed();
        double next = Double.MAX_VALUE;
        for (String key : List.of("Timer.OnBootSec", "Timer.OnStartupSec", "Timer.OnActiveSec")) {
            for (String span : timer.all(key)) {
                double seconds = TimeSpan.seconds(span);
                if (seconds >= 0) {
                    next = Math.min(next, key.endsWith("OnActiveSec") ? seconds : Math.max(0, seconds - sinceBoot));
                }
            }
        }
        double again = TimeSpan.seconds(timer.last("Timer.OnUnitActiveSec", "-"));
        double first = next == Double.MAX_VALUE ? again : next;
        if (first >= 0) {
            start(timer.name(), timer.activates(), first, () -> {
                work.run();
                if (again > 0) {
                    start(timer.name(), timer.activates(), again, work);
                }
            });
        }
    }

    /** Starts a timer. */
    void start(String name, String activates, double seconds, Runnable work) {
        Waiting mine = new Waiting(activates, pace.inSeconds(seconds), work);
        waiting.put(name, mine);
        pace.after(seconds, () -> {
            if (waiting.remove(name, mine)) {
                mine.work().run();
            }
        });
    }

    boolean active(String name) {
        return waiting.containsKey(name);
    }

    /** @return whether it was waiting */
    boolean stop(String name) {
        return waiting.remove(name) != null;
    }

    /** What {@code systemctl list-timers} prints. */
    String list() {
        StringBuilder out = new StringBuilder("NEXT LEFT LAST PASSED UNIT ACTIVATES\n");
        new TreeMap<>(waiting)
                .forEach((name, timer) -> out.append("- ")
                        .append(Math.max(0, Math.round((timer.due() - System.nanoTime()) / 1e9 * pace.speed())))
                        .append("s - - ")
                        .append(name)
                        .append(' ')
                        .append(timer.activates())
                        .append('\n'));
        return out.append('\n')
                .append(waiting.size())
                .append(" timers listed.\n")
                .toString();
    }
}
