package dev.rackhouse.inference.live;

import dev.rackhouse.base.Seen;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.GpuReading;
import dev.rackhouse.inference.health.EngineSample;
import dev.rackhouse.inference.health.EngineStanding;
import dev.rackhouse.inference.health.Expectations;
import dev.rackhouse.inference.health.Health;
import dev.rackhouse.inference.health.Latencies;
import dev.rackhouse.inference.health.LoadPhase;
import dev.rackhouse.inference.health.LogReading;
import dev.rackhouse.inference.health.Observation;
import dev.rackhouse.inference.health.Observation.Canary;
import dev.rackhouse.inference.health.Observation.GpuWork;
import dev.rackhouse.inference.health.Observation.Process;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is kept of one engine from look to look. For one thread at a time. */
final class EngineTrack {

    private static final int LINES = 60;
    private static final Duration RATE = Duration.ofSeconds(30);
    private static final Duration MINUTE = Duration.ofSeconds(60);

    private record Scrape(Instant at, Latencies latencies) {}

    private final Deque<Observation> history = new ArrayDeque<>();
    private final Deque<LogLine> lines = new ArrayDeque<>();
    private final Deque<Scrape> scrapes = new ArrayDeque<>();
    private final List<StartTimeline.Mark> marks = new ArrayList<>();
    private @Nullable Instant startedAt;
    private @Nullable LogReading log;
    private Instant logUntil = Instant.EPOCH;
    private @Nullable EngineStanding standing;
    private @Nullable Instant since;
    private @Nullable EnginePoint latest;
    private @Nullable Instant taught;
    private StartTimes past;

    EngineTrack(StartTimes past) {
        this.past = past;
    }

    List<Observation> history() {
        return List.copyOf(history);
    }

    StartTimes past() {
        return past;
    }

    /** From now on this is what starts usually take. */
    void learned(StartTimes times) {
        past = times;
    }

    /** Lines until then are known; the beginning of time when the process has begun anew. */
    Instant logUntil() {
        return logUntil;
    }

    /** A process that began at another moment has a log and counters of its own. */
    void begins(Process process) {
        Instant began = process.startedAt();
        if (!Objects.equals(began, startedAt)) {
            startedAt = began;
            log = null;
            logUntil = Instant.EPOCH;
            lines.clear();
            marks.clear();
            scrapes.clear();
            latest = null;
        }
    }

    /** @param more what the log has told since {@link #logUntil} */
    void read(List<LogLine> more) {
        LogReading reading = log == null ? LogReading.EMPTY : log;
        for (LogLine line : more) {
            LoadPhase before = reading.phase();
            reading = reading.with(line.at(), line.text());
            LoadPhase after = reading.phase();
            if (after != before) {
                if (after != null && before != null && after.compareTo(before) < 0) {
                    marks.clear();
                }
                if (after != null) {
                    marks.add(new StartTimeline.Mark(after, line.at()));
                }
            }
            lines.addLast(line);
            if (lines.size() > LINES) {
                lines.removeFirst();
            }
            logUntil = line.at().isAfter(logUntil) ? line.at() : logUntil;
        }
        log = reading;
    }

    /** One look has come to its end. */
    void saw(Instant at, Process process, EngineLook look, List<GpuReading> cards, @Nullable Canary canary) {
        Observation observation = new Observation(
                at, process, look.answer(), log, look.sample(), look.onGpu(), null, work(cards), canary);
        history.addLast(observation);
        while (history.getFirst().at().isBefore(at.minus(Health.HISTORY))) {
            history.removeFirst();
        }
        Latencies latencies = look.latencies();
        if (latencies != null) {
            scrapes.addLast(new Scrape(at, latencies));
            while (scrapes.size() > 2 && scrapes.getFirst().at().isBefore(at.minus(MINUTE))) {
                scrapes.removeFirst();
            }
        }
        latest = look.sample() == null ? null : point(at, look.sample());
        EngineStanding now = Health.judge(history(), expectations(past), at);
        EngineStanding before = standing;
        if (before == null || !before.word().equals(now.word())) {
            since = at;
        }
        standing = now;
    }

    private static Expectations expectations(StartTimes times) {
        return times.total(0.95).map(Expectations.UNKNOWN::withStart).orElse(Expectations.UNKNOWN);
    }

    private static @Nullable GpuWork work(List<GpuReading> cards) {
        if (cards.isEmpty()) {
            return null;
        }
        Double watts = sum(cards, GpuReading::watts);
        Double limit = sum(cards, GpuReading::limitWatts);
        OptionalDouble busy = cards.stream()
                .map(GpuReading::busy)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .max();
        Double memory = sum(cards, card -> {
            Integer used = CardPoint.of(card).memoryMiB();
            return used == null ? null : Double.valueOf(used);
        });
        return new GpuWork(
                watts,
                limit,
                busy.isPresent() ? Double.valueOf(busy.getAsDouble()) : null,
                memory == null ? null : Long.valueOf(Math.round(memory)));
    }

    /** Null as soon as one part is not known. */
    private static @Nullable Double sum(List<GpuReading> cards, Function<GpuReading, @Nullable Double> value) {
        double all = 0;
        for (GpuReading card : cards) {
            Double part = value.apply(card);
            if (part == null) {
                return null;
            }
            all += part;
        }
        return all;
    }

    private EnginePoint point(Instant at, EngineSample sample) {
        Latencies over = scrapes.size() < 2
                ? null
                : scrapes.getLast().latencies().since(scrapes.getFirst().latencies());
        return new EnginePoint(
                at,
                rate(at),
                sample.running(),
                sample.waiting(),
                sample.kvUse(),
                over == null ? null : value(over.firstToken().quantile(0.5)),
                over == null ? null : value(over.firstToken().quantile(0.95)),
                over == null ? null : value(over.nextToken().quantile(0.5)),
                over == null ? null : value(over.nextToken().quantile(0.95)));
    }

    private static @Nullable Double value(OptionalDouble value) {
        return value.isPresent() ? Double.valueOf(value.getAsDouble()) : null;
    }

    /** Tokens a second over the last half minute of this start; null before two looks have counted, and after the counter fell. */
    private @Nullable Double rate(Instant at) {
        Observation newest = null;
        Observation oldest = null;
        for (Observation o : history.reversed()) {
            boolean counts = o.sample() != null
                    && o.sample().generatedTokens() != null
                    && Objects.equals(o.process().startedAt(), startedAt);
            if (!counts) {
                continue;
            }
            newest = newest == null ? o : newest;
            oldest = o;
            if (o != newest && !o.at().isAfter(at.minus(RATE))) {
                break;
            }
        }
        if (newest == null || oldest == null || oldest == newest) {
            return null;
        }
        double seconds = Duration.between(oldest.at(), newest.at()).toMillis() / 1000.0;
        double made = made(newest) - made(oldest);
        return seconds <= 0 || made < 0 ? null : made / seconds;
    }

    private static double made(Observation o) {
        EngineSample sample = Objects.requireNonNull(o.sample());
        return Objects.requireNonNull(sample.generatedTokens()).doubleValue();
    }

    @Nullable
    EnginePoint latest() {
        return latest;
    }

    @Nullable
    StartTimeline start(List<LoadPhase> order) {
        Instant began = startedAt;
        if (began == null || log == null) {
            return null;
        }
        StartTimes others = past.before(began);
        return StartTimeline.of(
                began, order, marks, others, expectations(others).start());
    }

    /** What the present start teaches, once it has come to its end; told once. */
    Optional<StartTimes.Start> lesson(List<LoadPhase> order) {
        StartTimeline start = start(order);
        Optional<StartTimes.Start> lesson =
                start == null || Objects.equals(taught, startedAt) ? Optional.empty() : start.lesson();
        lesson.ifPresent(l -> taught = l.startedAt());
        return lesson;
    }

    DeploymentNow now(Deployment deployment, boolean wanted, List<LoadPhase> order, String source, Instant at) {
        EngineStanding stands = standing;
        if (stands == null || history.isEmpty()) {
            return DeploymentNow.unseen(deployment, wanted, "", at);
        }
        Observation last = history.getLast();
        EnginePoint point = latest;
        return new DeploymentNow(
                deployment,
                wanted,
                last.process(),
                stands,
                Objects.requireNonNullElse(since, at),
                point == null
                        ? null
                        : new Figures(
                                point.tokensPerSecond(),
                                Objects.requireNonNullElse(point.running(), 0),
                                Objects.requireNonNullElse(point.waiting(), 0),
                                point.kvUse(),
                                point),
                start(order),
                List.copyOf(lines),
                new Seen(source, last.at()),
                "");
    }
}
