package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.Seen;
import dev.rackhouse.base.ui.AgeLabel;
import dev.rackhouse.base.ui.Sparkline;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inference.GpuReading;
import dev.rackhouse.inference.live.CardNow;
import dev.rackhouse.inference.live.CardPoint;
import dev.rackhouse.inference.live.Standings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One card as it is now: its memory by deployment, container and process, its load, and the last hour of it. */
class CardLive extends Div {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration FRESH = Duration.ofSeconds(75);
    private static final Duration BETWEEN_TRENDS = Duration.ofSeconds(30);
    private static final int TREND = 48;

    private final Standings standings;
    private final Clock clock;
    private final Slot memory = new Slot("card-live-memory");
    private final CardFigures figures = new CardFigures();
    private final Sparkline trend = new Sparkline(List.of());
    private final Div hour = new Div();
    private final Slot trouble = new Slot("card-live-trouble", "small", "wrap-anywhere");
    private final AgeLabel age = new AgeLabel(Instant.EPOCH);
    private Instant trendAt = Instant.EPOCH;

    CardLive(Standings standings, Clock clock) {
        this.standings = standings;
        this.clock = clock;
        addClassNames("card-live", "stack");
        Span label = new Span("busy, last hour");
        label.addClassNames("faint", "small");
        hour.add(trend, label);
        hour.addClassName("row");
        add(memory, figures, hour, trouble, age);
    }

    void show(CardNow now) {
        Instant at = clock.instant();
        GpuReading reading = now.reading();
        boolean read = reading != null;
        boolean fresh = reading != null && Duration.between(reading.at(), at).compareTo(FRESH) <= 0;
        memory.setVisible(read);
        figures.setVisible(read);
        age.setVisible(read);
        setClassName("stale-facts", read && !fresh);
        if (reading != null) {
            memory.show(reading.usable() + " " + reading.free() + reading.holders(), () -> new CardMemory(reading));
            figures.show(reading);
            age.show(new Seen("nvidia-smi over SSH", reading.at()));
        }
        trouble(now, reading, fresh);
        if (!trendAt.plus(BETWEEN_TRENDS).isAfter(at)) {
            trendAt = at;
            List<Optional<Double>> busy = hour(now);
            hour.setVisible(busy.stream().flatMap(Optional::stream).anyMatch(b -> b > 0));
            trend.show(busy);
        }
    }

    private void trouble(CardNow now, @org.jspecify.annotations.Nullable GpuReading reading, boolean fresh) {
        String level = reading != null && reading.broken() ? "critical" : reading == null ? "unknown" : "stale";
        String sentence = reading != null && reading.broken()
                ? "It reports errors, or wants a reset."
                : !now.trouble().isEmpty()
                        ? now.trouble()
                        : reading == null ? "Nobody has read it in its place yet." : "It was not read lately.";
        boolean shown = reading == null || reading.broken() || !fresh;
        trouble.setVisible(shown);
        if (shown) {
            trouble.show(level + sentence, () -> {
                Div line = new Div(StatusBadge.of(level, level).iconOnly(), new Span(sentence));
                line.addClassName("card-trouble");
                return line;
            });
        }
    }

    private List<Optional<Double>> hour(CardNow now) {
        List<CardPoint> points = standings.history(now.place(), now.uuid(), HOUR);
        int step = Math.max(1, Math.ceilDiv(points.size(), TREND));
        List<Optional<Double>> busy = new ArrayList<>();
        for (int i = 0; i < points.size(); i += step) {
            busy.add(Optional.ofNullable(points.get(i).busy()));
        }
        return busy;
    }
}
