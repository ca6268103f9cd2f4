package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.html.Span;
import dev.rackhouse.inference.live.DeploymentNow;
import dev.rackhouse.inference.live.StandingFeed;
import dev.rackhouse.inference.live.Standings;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** What all engines make together at this moment. Keeps itself up to date while it is on a page. */
public class TokensNow extends Span {

    private final Standings standings;
    private final Clock clock;

    TokensNow(Standings standings, StandingFeed feed, Clock clock) {
        this.standings = standings;
        this.clock = clock;
        addClassNames("muted", "figure");
        feed.follow(this, this::refresh);
        refresh();
    }

    private void refresh() {
        Instant at = clock.instant();
        List<Double> rates = standings.all().stream()
                .filter(d -> d.fresh(at))
                .map(DeploymentNow::figures)
                .filter(Objects::nonNull)
                .map(f -> f.tokensPerSecond())
                .filter(Objects::nonNull)
                .toList();
        setVisible(!rates.isEmpty());
        setText(LiveWords.rate(rates.stream().mapToDouble(Double::doubleValue).sum()) + " tokens/s");
    }
}
