package dev.rackhouse.inference.health;

import dev.rackhouse.inference.health.Observation.Answer;
import dev.rackhouse.inference.health.Observation.Canary;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The observations of the engine's present start; those of an earlier one are left out. Oldest first, never empty. */
final class Series {

    private static final long NOISE_MIB = 64;

    private final List<Observation> all;

    Series(List<Observation> history) {
        Instant started = history.getLast().process().startedAt();
        int from = history.size() - 1;
        while (from > 0 && Objects.equals(history.get(from - 1).process().startedAt(), started)) {
            from--;
        }
        this.all = history.subList(from, history.size());
    }

    Observation first() {
        return all.getFirst();
    }

    Observation last() {
        return all.getLast();
    }

    /**
     * It said so in its log, or has made a token: the line may have been lost, when the log was cut. Where the log tells nothing, it has
     * counted requests.
     */
    boolean ready() {
        LogReading log = last().log();
        return log != null && log.phase() != null
                ? log.ready() || proof() != null
                : all.stream()
                        .anyMatch(
                                o -> o.answer() == Answer.OK && (o.sample() != null || o.canary() == Canary.ANSWERED));
    }

    /** When something last moved while it starts: its log, files that grow, memory that fills. */
    Instant loadProgress(Instant started) {
        Instant progress = started;
        long memory = -1;
        long files = -1;
        for (Observation o : all) {
            LogReading log = o.log();
            if (log != null && log.progress() != null && log.progress().isAfter(progress)) {
                progress = log.progress();
            }
            long memoryNow =
                    o.gpu() == null ? -1 : Objects.requireNonNullElse(o.gpu().memoryMiB(), -1L);
            long filesNow = Objects.requireNonNullElse(o.filesMiB(), -1L);
            if ((memory >= 0 && memoryNow > memory + NOISE_MIB || files >= 0 && filesNow > files)
                    && o.at().isAfter(progress)) {
                progress = o.at();
            }
            memory = Math.max(memory, memoryNow);
            files = Math.max(files, filesNow);
        }
        return progress;
    }

    /** Its log tells nothing about phases. */
    boolean mute() {
        LogReading log = last().log();
        return log == null || log.phase() == null;
    }

    @Nullable
    Instant lastAnswered() {
        return all.reversed().stream()
                .filter(o -> o.answer() == Answer.OK)
                .map(Observation::at)
                .findFirst()
                .orElse(null);
    }

    /** When it last made or read a token, as far as its counters tell; null when they never moved. */
    private @Nullable Instant advanced() {
        EngineSample later = null;
        Instant laterAt = null;
        for (Observation o : all.reversed()) {
            EngineSample sample = o.sample();
            if (sample != null) {
                if (later != null && moved(sample, later)) {
                    return laterAt;
                }
                later = sample;
                laterAt = o.at();
            }
        }
        return null;
    }

    private static boolean moved(EngineSample before, EngineSample after) {
        return more(before.generatedTokens(), after.generatedTokens())
                || more(before.promptTokens(), after.promptTokens());
    }

    private static boolean more(@Nullable Long before, @Nullable Long after) {
        return before != null && after != null && after > before;
    }

    /** Since when requests wait without a token: the last advance, or the moment when the first of them came. */
    Instant silentSince() {
        Instant since = last().at();
        for (Observation o : all.reversed()) {
            if (o.sample() != null) {
                if (!o.sample().wanted()) {
                    break;
                }
                since = o.at();
            }
        }
        Instant advanced = advanced();
        return advanced != null && advanced.isAfter(since) ? advanced : since;
    }

    @Nullable
    Observation lastCanary() {
        return all.reversed().stream()
                .filter(o -> o.canary() != null)
                .findFirst()
                .orElse(null);
    }

    /** When it last proved that it makes tokens; null when it has not in this history. */
    @Nullable
    Instant proof() {
        Instant canary = all.reversed().stream()
                .filter(o -> o.canary() == Canary.ANSWERED)
                .map(Observation::at)
                .findFirst()
                .orElse(null);
        LogReading log = last().log();
        return later(later(canary, advanced()), log == null ? null : log.answered());
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        return one == null ? other : other == null || one.isAfter(other) ? one : other;
    }

    Instant lastProofOrStart() {
        Instant proof = proof();
        return proof == null ? first().at() : proof;
    }

    /** Canaries in a row that got no answer since the last proof. */
    int canariesFailed() {
        Instant proof = proof();
        return (int) all.stream()
                .filter(o -> o.canary() != null && o.canary() != Canary.ANSWERED)
                .filter(o -> proof == null || o.at().isAfter(proof))
                .count();
    }

    double tokensPerSecond(Duration over) {
        Observation newest = null;
        Observation oldest = null;
        for (Observation o : all.reversed()) {
            if (o.sample() == null || o.sample().generatedTokens() == null) {
                continue;
            }
            if (newest == null) {
                newest = o;
            }
            if (Duration.between(o.at(), newest.at()).compareTo(over) > 0) {
                break;
            }
            oldest = o;
        }
        if (newest == null || oldest == null || newest == oldest) {
            return 0;
        }
        double seconds = Duration.between(oldest.at(), newest.at()).toMillis() / 1000.0;
        return Math.max(0, (made(newest) - made(oldest)) / seconds);
    }

    private static double made(Observation o) {
        EngineSample sample = Objects.requireNonNull(o.sample());
        return Objects.requireNonNull(sample.generatedTokens()).doubleValue();
    }

    /** Why it has more than it can take; empty when it has not. */
    Optional<String> saturation(Duration over, double fullCache) {
        EngineSample now = Objects.requireNonNull(last().sample());
        Double kv = now.kvUse();
        if (kv != null && kv > fullCache) {
            return Optional.of(Math.round(kv * 100) + " % of its cache is taken.");
        }
        Instant from = last().at().minus(over);
        boolean wholeWindow = !first().at().isAfter(from);
        List<EngineSample> window = all.stream()
                .filter(o -> !o.at().isBefore(from))
                .map(Observation::sample)
                .filter(Objects::nonNull)
                .toList();
        if (wholeWindow && window.size() >= 3 && window.stream().allMatch(s -> s.waiting() > 0)) {
            return Optional.of(EngineStanding.requests(now.waiting(), "waits", "wait")
                    + ", and somebody has waited for a minute.");
        }
        Long before = window.isEmpty() ? null : window.getFirst().preemptions();
        Long after = now.preemptions();
        return before != null && after != null && after > before
                ? Optional.of("It had to put " + (after - before) + " requests back because its cache was full.")
                : Optional.empty();
    }
}
