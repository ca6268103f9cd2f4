package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.ui.Figure;
import dev.rackhouse.base.ui.QuantityBar;
import dev.rackhouse.base.ui.Sparkline;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.health.EngineStanding;
import dev.rackhouse.inference.live.DeploymentNow;
import dev.rackhouse.inference.live.Figures;
import dev.rackhouse.inference.live.PlaceNow;
import dev.rackhouse.inference.live.Standings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One deployment in the list: how it stands, what it makes, who waits, what it holds. */
class DeploymentLine extends Div {

    private static final int TREND = 32;

    private final Deployment deployment;
    private final Slot badge = new Slot("line-badge");
    private final Slot rate = new Slot("line-rate", "figure");
    private final Sparkline trend = new Sparkline(List.of());
    private final Slot queue = new Slot("line-queue", "small");
    private final Slot cache = new Slot("line-cache");
    private final Slot memory = new Slot("line-memory", "figure");

    DeploymentLine(Deployment deployment) {
        this.deployment = deployment;
        addClassNames("serving-row", "engine-row");
        Anchor name = new Anchor(
                ServingRoutes.deployment(deployment.id()), deployment.id().value());
        name.addClassNames("strong", "clip", "line-name");
        Anchor model = new Anchor(
                ServingRoutes.model(deployment.model()), deployment.model().value());
        model.addClassName("clip");
        Span with = new Span(deployment.engine().title() + ", " + deployment.files() + ", " + cards(deployment)
                + ", port " + deployment.port());
        with.addClassNames("small", "faint", "clip");
        Div what = new Div(model, with);
        what.addClassNames("line-model");
        add(badge, name, what, rate, trend, queue, cache, memory);
    }

    private static String cards(Deployment d) {
        return d.gpus().isEmpty()
                ? "unified memory"
                : d.gpus().size() + (d.gpus().size() == 1 ? " GPU" : " GPUs");
    }

    /** Names of the columns, in the same grid. */
    static Div head() {
        Div head = new Div();
        head.addClassNames("serving-row", "engine-row", "engine-head");
        for (String name :
                List.of("Stands", "Deployment", "Model", "Tokens/s", "", "Requests", "Cache in use", "Memory")) {
            head.add(new Span(name));
        }
        return head;
    }

    DeploymentId id() {
        return deployment.id();
    }

    void show(DeploymentNow now, Optional<PlaceNow> place, Standings standings, Instant at) {
        badge.show(LiveWords.standing(now, at), () -> LiveWords.badge(now, at));
        setClassName("stale-facts", now.seen() != null && !now.fresh(at));
        setClassName("engine-off", now.off(at));
        Figures figures = now.figures();
        boolean tells = figures != null;
        rate.text(figures != null ? LiveWords.rate(figures.tokensPerSecond()) : LiveWords.UNKNOWN);
        List<Optional<Double>> recent = tells ? LiveWords.trend(standings.recent(deployment.id()), TREND) : List.of();
        trend.show(recent.stream().flatMap(Optional::stream).anyMatch(v -> v > 0) ? recent : List.of());
        String said = now.judged() instanceof EngineStanding.Loading && now.fresh(at)
                ? now.sentence(at)
                : tells ? LiveWords.queue(now) : now.off(at) || now.seen() == null ? "" : now.sentence(at);
        queue.show(said, () -> {
            Span text = new Span(said);
            text.addClassName("clip");
            text.setTitle(said);
            return text;
        });
        queue.setClassName("line-says", !tells);
        Double kv = figures != null ? figures.kvUse() : null;
        cache.setVisible(tells);
        cache.setClassName("line-unknown", kv == null);
        rate.setClassName("line-unknown", !tells);
        cache.show(
                LiveWords.percent(kv),
                () -> kv == null
                        ? unknown()
                        : new QuantityBar(kv, null, LiveWords.percent(kv), kv > 0.95 ? "attention" : "normal"));
        Optional<ByteSize> held = LiveWords.held(place, deployment.id());
        memory.show(held.toString(), () -> held.<Component>map(Figure::new).orElseGet(DeploymentLine::unknown));
    }

    private static Span unknown() {
        Span unknown = new Span(LiveWords.UNKNOWN);
        unknown.addClassName("faint");
        return unknown;
    }
}
