package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.ui.Figure;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.health.EngineStanding;
import dev.rackhouse.inference.live.DeploymentNow;
import dev.rackhouse.inference.live.EnginePoint;
import dev.rackhouse.inference.live.Figures;
import dev.rackhouse.inference.live.PlaceNow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** How figures of engines are written. What is not known is a dash, never zero. */
final class LiveWords {

    static final String UNKNOWN = "–";

    private LiveWords() {}

    /** The one verdict, with the engine's own word; loading is something under way. */
    static StatusBadge badge(DeploymentNow now, Instant at) {
        boolean loading = now.fresh(at) && !now.off(at) && now.judged() instanceof EngineStanding.Loading;
        StatusBadge badge =
                StatusBadge.of(loading ? "running" : now.verdict(at).level().word(), now.word(at));
        badge.setTitle(now.sentence(at));
        return badge;
    }

    /** All that the badge shows. */
    static String standing(DeploymentNow now, Instant at) {
        return now.verdict(at).level() + now.word(at) + now.sentence(at);
    }

    /** The few tokens of tiny prompts are no rate. */
    static String rate(@Nullable Double tokensPerSecond) {
        return tokensPerSecond == null
                ? UNKNOWN
                : tokensPerSecond < 0.5
                        ? "0"
                        : String.format(Locale.ROOT, tokensPerSecond < 9.95 ? "%.1f" : "%.0f", tokensPerSecond);
    }

    /** Tokens a second; a dash where the engine does not run or does not tell. */
    static String rate(DeploymentNow now, Instant at) {
        Figures figures = now.figures();
        return figures == null || !now.fresh(at) ? UNKNOWN : rate(figures.tokensPerSecond());
    }

    static String queue(DeploymentNow now) {
        Figures figures = now.figures();
        return figures == null
                ? UNKNOWN
                : figures.running() + figures.waiting() == 0
                        ? now.judged() instanceof EngineStanding.Asleep ? "asleep" : "idle"
                        : figures.running() + " running"
                                + (figures.waiting() == 0 ? "" : ", " + figures.waiting() + " waiting");
    }

    static String percent(@Nullable Double share) {
        return share == null ? UNKNOWN : Math.round(share * 100) + " %";
    }

    /** {@code 240 ms}, {@code 1.25 s}. */
    static Component seconds(@Nullable Double seconds) {
        if (seconds == null) {
            return new Span(UNKNOWN);
        }
        return seconds < 0.9995
                ? new Figure(String.format(Locale.ROOT, seconds < 0.00995 ? "%.1f" : "%.0f", seconds * 1000), "ms")
                : new Figure(String.format(Locale.ROOT, "%.2f", seconds), "s");
    }

    /** {@code 34 s}, {@code 1 min 20 s}. */
    static String time(Duration time) {
        long seconds = Math.round(time.toMillis() / 1000.0);
        return time.toMillis() < 9_950
                ? String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0)
                : seconds < 60
                        ? seconds + " s"
                        : seconds / 60 + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
    }

    /** What it holds on its cards, as measured; empty when nobody has measured. */
    static Optional<ByteSize> held(Optional<PlaceNow> place, DeploymentId id) {
        List<Long> parts = new ArrayList<>();
        place.ifPresent(p -> p.cards()
                .forEach(card -> card.holders().stream()
                        .filter(h -> h.ours() && h.who().equals(id.value()))
                        .forEach(h -> parts.add(h.memory().bytes()))));
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new ByteSize(parts.stream().mapToLong(Long::longValue).sum()));
    }

    /** A trend of so many values at most, each the mean of its part of the time. */
    static List<Optional<Double>> trend(List<EnginePoint> points, int most) {
        int step = Math.max(1, Math.ceilDiv(points.size(), most));
        List<Optional<Double>> trend = new ArrayList<>();
        for (int i = 0; i < points.size(); i += step) {
            OptionalDouble mean = points.subList(i, Math.min(i + step, points.size())).stream()
                    .map(EnginePoint::tokensPerSecond)
                    .filter(Objects::nonNull)
                    .mapToDouble(Double::doubleValue)
                    .average();
            trend.add(mean.isPresent() ? Optional.of((double) Math.round(mean.getAsDouble())) : Optional.empty());
        }
        return trend;
    }
}
