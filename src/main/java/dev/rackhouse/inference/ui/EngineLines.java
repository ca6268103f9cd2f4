package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.Figure;
import dev.rackhouse.base.ui.Sparkline;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.live.DeploymentNow;
import dev.rackhouse.inference.live.StandingFeed;
import dev.rackhouse.inference.live.Standings;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Some engines, a line each: how it stands, what it serves, how many tokens it makes. Keeps itself up to date while it is on a page. */
public class EngineLines extends Div {

    private static final int TREND = 24;

    private static final class Line extends Div {
        private final DeploymentId id;
        private final Slot badge = new Slot("engine-badge");
        private final Span served = new Span();
        private final Slot rate = new Slot("engine-rate");
        private final Sparkline trend = new Sparkline(List.of());

        Line(DeploymentId id) {
            this.id = id;
            addClassName("engine-line");
            Anchor link = new Anchor(ServingRoutes.deployment(id), id.value());
            link.addClassNames("clip", "engine-name");
            served.addClassNames("clip", "muted", "small", "engine-model");
            add(badge, link, served, trend, rate);
        }

        void show(DeploymentNow now, Standings standings, Instant at) {
            badge.show(
                    LiveWords.standing(now, at), () -> LiveWords.badge(now, at).iconOnly());
            served.setText(now.deployment().servedName());
            String word = now.word(at);
            boolean makes = now.figures() != null && now.fresh(at) && !now.off(at);
            String rated = LiveWords.rate(now, at);
            rate.show(
                    word + rated,
                    () -> makes && !rated.equals(LiveWords.UNKNOWN) ? new Figure(rated, "tok/s") : word(word));
            setClassName("stale-facts", word.equals("stale"));
            setClassName("engine-off", word.equals("off"));
            List<Optional<Double>> recent = makes ? LiveWords.trend(standings.recent(id), TREND) : List.of();
            boolean moves = recent.stream().flatMap(Optional::stream).anyMatch(v -> v > 0);
            trend.show(moves ? recent : List.of());
        }

        private static Span word(String word) {
            Span span = new Span(word);
            span.addClassNames("small", "muted");
            return span;
        }
    }

    private final Standings standings;
    private final Clock clock;
    private final List<Line> lines = new ArrayList<>();

    EngineLines(List<DeploymentId> engines, Standings standings, StandingFeed feed, Clock clock) {
        this.standings = standings;
        this.clock = clock;
        addClassName("engine-lines");
        engines.forEach(id -> {
            Line line = new Line(id);
            lines.add(line);
            add(line);
        });
        feed.follow(this, this::refresh);
        refresh();
    }

    private void refresh() {
        Map<DeploymentId, DeploymentNow> now = new HashMap<>();
        standings.all().forEach(d -> now.put(d.id(), d));
        Instant at = clock.instant();
        for (Line line : lines) {
            DeploymentNow its = now.get(line.id);
            line.setVisible(its != null);
            if (its != null) {
                line.show(its, standings, at);
            }
        }
    }
}
