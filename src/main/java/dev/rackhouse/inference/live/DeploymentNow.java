package dev.rackhouse.inference.live;

import dev.rackhouse.base.Seen;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.Verdict.Level;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.health.EngineStanding;
import dev.rackhouse.inference.health.Observation.Process;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one deployment. What was seen stays when the place is not reached any more, with its age.
 *
 * @param wanted whether it shall run now: its mode is the desired one, or it is in none
 * @param process of its container or program; unknown until somebody looked
 * @param judged how it stood at the last look
 * @param since when it began to stand so
 * @param figures null when it does not tell, or does not run
 * @param start the present start; null when its log does not tell
 * @param lastLines of its log, oldest first
 * @param seen the last look that came to its end; null: none yet
 * @param trouble why nothing newer is known, as a sentence; empty when the last look came to its end
 */
public record DeploymentNow(
        Deployment deployment,
        boolean wanted,
        Process process,
        EngineStanding judged,
        Instant since,
        @Nullable Figures figures,
        @Nullable StartTimeline start,
        List<LogLine> lastLines,
        @Nullable Seen seen,
        String trouble) {

    /** What was seen longer ago counts no more. */
    static final Duration FRESH = Duration.ofSeconds(75);

    public DeploymentNow {
        lastLines = List.copyOf(lastLines);
    }

    /** Nobody has looked yet. */
    static DeploymentNow unseen(Deployment deployment, boolean wanted, String trouble, Instant now) {
        String why = trouble.isEmpty() ? "Nobody has looked yet." : trouble;
        return new DeploymentNow(
                deployment,
                wanted,
                new Process(Process.State.UNKNOWN, null, null),
                new EngineStanding.Unknown(why),
                now,
                null,
                null,
                List.of(),
                null,
                trouble);
    }

    public DeploymentId id() {
        return deployment.id();
    }

    public boolean fresh(Instant now) {
        return seen != null && seen.age(now).compareTo(FRESH) <= 0;
    }

    /** How it stands; unknown when the last look is too long ago to count. */
    public EngineStanding standing(Instant now) {
        return fresh(now) ? judged : new EngineStanding.Unknown(stale(now));
    }

    /** It does not run, and is not meant to. */
    public boolean off(Instant now) {
        return !wanted
                && fresh(now)
                && (process.state() == Process.State.EXITED || process.state() == Process.State.ABSENT);
    }

    /** The same verdict on every screen. */
    public Verdict verdict(Instant now) {
        if (seen == null) {
            return standing(now).verdict();
        }
        if (!fresh(now)) {
            return Verdict.of(Level.STALE, "engine.stale", stale(now));
        }
        return off(now)
                ? Verdict.of(Level.OFF, "engine.off", "It does not run, and is not meant to now.")
                : wanted && judged instanceof EngineStanding.Asleep
                        ? Verdict.of(Level.ATTENTION, "engine.asleep", "It sleeps, though it shall serve now.")
                        : judged.verdict();
    }

    /** As shown: {@code busy}, {@code off}, {@code stale}. */
    public String word(Instant now) {
        return seen != null && !fresh(now) ? "stale" : off(now) ? "off" : judged.word();
    }

    /** Why it stands so. */
    public String sentence(Instant now) {
        return off(now)
                ? "It does not run, and is not meant to now."
                : standing(now).sentence();
    }

    private String stale(Instant now) {
        Seen last = seen;
        if (last == null) {
            return trouble.isEmpty() ? "Nobody has looked yet." : trouble;
        }
        long seconds = last.age(now).toSeconds();
        String age = seconds < 120 ? seconds + " s" : seconds / 60 + " min";
        return "Last seen " + age + " ago, " + judged.word() + "." + (trouble.isEmpty() ? "" : " " + trouble);
    }
}
