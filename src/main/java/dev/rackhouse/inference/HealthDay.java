package dev.rackhouse.inference;

import dev.rackhouse.inference.health.EngineStanding;
import dev.rackhouse.inference.health.Expectations;
import dev.rackhouse.inference.health.Health;
import dev.rackhouse.inference.health.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A day of pretend engines on a simulated clock, judged by {@link Health} every few seconds: counts restarts that would have been
 * proposed for healthy ones, and how long each injected wedge stayed unfound. The same seed gives the same day.
 */
final class HealthDay {

    private static final Instant MIDNIGHT = Instant.parse("2026-10-12T00:00:00Z");
    private static final Duration GIVE_UP = Duration.ofMinutes(15);

    /**
     * @param wrongRestarts what was said about each healthy engine for which a restart was proposed
     * @param foundSeconds by kind of wedge, how long each stayed unfound
     * @param missed wedges that were not found at all
     * @param looks how often each word was said
     */
    record Report(
            int engines,
            Duration length,
            int reloads,
            List<String> wrongRestarts,
            Map<PretendEngine.Wedge, List<Long>> foundSeconds,
            int missed,
            Map<String, Integer> looks) {

        int wedges() {
            return foundSeconds.values().stream().mapToInt(List::size).sum() + missed;
        }

        long longestSeconds() {
            return foundSeconds.values().stream()
                    .flatMap(List::stream)
                    .mapToLong(s -> s)
                    .max()
                    .orElse(0);
        }
    }

    private final Random random;
    private final int engines;
    private final Duration length;
    private final Duration step = Duration.ofSeconds(5);
    private final List<String> wrong = new ArrayList<>();
    private final Map<PretendEngine.Wedge, List<Long>> found = new EnumMap<>(PretendEngine.Wedge.class);
    private final Map<String, Integer> looks = new TreeMap<>();
    private int missed;
    private int reloads;

    HealthDay(long seed, int engines, Duration length) {
        this.random = new Random(seed);
        this.engines = engines;
        this.length = length;
    }

    Report play() {
        for (int i = 0; i < engines; i++) {
            play(new PretendEngine(new Random(random.nextLong()), i % 4 == 3, MIDNIGHT), i);
        }
        return new Report(
                engines,
                length,
                reloads,
                List.copyOf(wrong),
                Collections.unmodifiableMap(found),
                missed,
                Collections.unmodifiableMap(looks));
    }

    private void play(PretendEngine engine, int number) {
        List<Observation> history = new ArrayList<>();
        Expectations usual = Expectations.UNKNOWN;
        Instant wedgedAt = null;
        PretendEngine.Wedge wedge = null;
        for (Instant now = MIDNIGHT; now.isBefore(MIDNIGHT.plus(length)); now = now.plus(step)) {
            Instant oldest = now.minus(Health.HISTORY);
            history.removeIf(o -> o.at().isBefore(oldest));
            if (Health.canaryDue(history, now)) {
                engine.sendCanary(now);
            }
            Observation look = engine.look(now, step);
            history.add(look);
            EngineStanding standing = Health.judge(history, usual, now);
            looks.merge(standing.word(), 1, Integer::sum);
            if (wedge != null && wedgedAt != null) {
                long seconds = Duration.between(wedgedAt, now).toSeconds();
                if (standing.mayRestart()) {
                    found.computeIfAbsent(wedge, w -> new ArrayList<>()).add(seconds);
                    engine.restart(now);
                    wedge = null;
                } else if (seconds > GIVE_UP.toSeconds()) {
                    missed++;
                    engine.restart(now);
                    wedge = null;
                }
            } else if (standing.mayRestart() && look.process().state() == Observation.Process.State.RUNNING) {
                wrong.add("engine " + number + " at " + now + ": " + standing.word() + ": " + standing.sentence());
            }
            if (wedge == null) {
                wedge = disturb(engine, now);
                wedgedAt = wedge == null ? null : now;
            }
        }
    }

    /** Now and then somebody reloads an engine, and now and then one hangs. */
    private PretendEngine.@Nullable Wedge disturb(PretendEngine engine, Instant now) {
        if (!engine.serves()) {
            return null;
        }
        int chance = random.nextInt(3000);
        if (chance == 0) {
            reloads++;
            engine.restart(now);
        } else if (chance <= 4) {
            PretendEngine.Wedge how = PretendEngine.Wedge.values()[random.nextInt(PretendEngine.Wedge.values().length)];
            engine.hang(how);
            return how;
        }
        return null;
    }
}
