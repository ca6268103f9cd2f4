package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.AttachEvent;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import dev.rackhouse.base.ui.LineChart;
import dev.rackhouse.base.ui.LineChart.Point;
import dev.rackhouse.base.ui.LineChart.Series;
import dev.rackhouse.base.ui.LineChart.Unit;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.live.CardPoint;
import dev.rackhouse.inference.live.EnginePoint;
import dev.rackhouse.inference.live.Standings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** What an engine did over time. Drawn anew every half minute at most: the figures beside it are newer. */
class EngineCharts extends Div {

    /** How far back. */
    enum Back {
        HOUR("Last hour", Duration.ofHours(1)),
        DAY("Last day", Duration.ofDays(1)),
        WEEK("Last week", Duration.ofDays(7));

        private final String title;
        private final Duration back;

        Back(String title, Duration back) {
            this.title = title;
            this.back = back;
        }
    }

    private static final int POINTS = 90;
    private static final Duration BETWEEN = Duration.ofSeconds(30);

    private final Deployment deployment;
    private final Standings standings;
    private final Clock clock;
    private final Select<Back> span = new Select<>();
    private final LineChart rate = new LineChart("Tokens a second over time", Unit.TOKENS_PER_SECOND);
    private final LineChart queue = new LineChart("Requests over time", Unit.COUNT);
    private final LineChart cache = new LineChart("Share of the cache in use over time", Unit.FRACTION);
    private final LineChart first = new LineChart("Time to the first token over time", Unit.SECONDS);
    private final LineChart next = new LineChart("Time between tokens over time", Unit.SECONDS);
    private final LineChart power = new LineChart("Power of its GPUs over time", Unit.WATTS);
    private final Div empty = new Div();
    private final Div charts = new Div();
    private Instant drawnAt = Instant.EPOCH;

    /** @param latencies whether the engine counts how long clients wait */
    EngineCharts(Deployment deployment, Standings standings, Clock clock, boolean latencies) {
        this.deployment = deployment;
        this.standings = standings;
        this.clock = clock;
        addClassName("engine-charts");
        span.setAriaLabel("Span of time");
        span.setItems(Back.values());
        span.setItemLabelGenerator(s -> s.title);
        span.setValue(Back.HOUR);
        span.addValueChangeListener(change -> draw());
        empty.addClassName("muted");
        charts.addClassName("engine-charts-grid");
        charts.add(titled("Tokens a second", rate), titled("Requests", queue), titled("Cache in use", cache));
        if (latencies) {
            charts.add(titled("Time to the first token", first), titled("Time between tokens", next));
        }
        if (!deployment.gpus().isEmpty()) {
            charts.add(titled("Power of its GPUs", power));
        }
        add(span, empty, charts);
    }

    private static Div titled(String title, LineChart chart) {
        Span name = new Span(title);
        name.addClassName("strong");
        Div box = new Div(name, chart);
        box.addClassName("stack");
        return box;
    }

    @Override
    protected void onAttach(AttachEvent event) {
        super.onAttach(event);
        draw();
    }

    /** Somebody has looked at the engine again. */
    void follow() {
        if (!drawnAt.plus(BETWEEN).isAfter(clock.instant())) {
            draw();
        }
    }

    private void draw() {
        Instant now = clock.instant();
        drawnAt = now;
        Duration back = span.getValue().back;
        List<EnginePoint> points = standings.history(deployment.id(), back);
        boolean nothing = points.size() < 2;
        empty.setVisible(nothing);
        charts.setVisible(!nothing);
        if (nothing) {
            empty.setText(
                    "Nothing was counted in this time. Charts begin with the first two looks at the running engine.");
            return;
        }
        Thinned<EnginePoint> all = new Thinned<>(points, EnginePoint::at, back);
        rate.show(List.of(all.series("tokens/s", EnginePoint::tokensPerSecond)), null);
        queue.show(
                List.of(all.most("running", p -> count(p.running())), all.most("waiting", p -> count(p.waiting()))),
                null);
        cache.show(List.of(all.series("cache", EnginePoint::kvUse)), 1.0);
        first.show(
                List.of(
                        all.series("median", EnginePoint::firstTokenP50),
                        all.series("95th percentile", EnginePoint::firstTokenP95)),
                null);
        next.show(
                List.of(
                        all.series("median", EnginePoint::nextTokenP50),
                        all.series("95th percentile", EnginePoint::nextTokenP95)),
                null);
        List<Series> watts = new ArrayList<>();
        for (GpuPin gpu : deployment.gpus()) {
            List<CardPoint> card = standings.history(deployment.place(), gpu.uuid(), back);
            String name = gpu.address() == null
                    ? gpu.uuid().substring(0, 12)
                    : gpu.address().toString();
            watts.add(new Thinned<>(card, CardPoint::at, back).series(name, CardPoint::watts));
        }
        power.show(watts, null);
    }

    private static @Nullable Double count(@Nullable Integer value) {
        return value == null ? null : Double.valueOf(value);
    }

    /** Points thinned to what a chart can show; where nobody looked there is a gap. */
    private record Thinned<P>(List<P> points, Function<P, Instant> at, Duration back) {

        /** The mean of each step. */
        Series series(String name, Function<P, @Nullable Double> value) {
            return series(name, value, values -> values.average().orElse(0));
        }

        /** The greatest of each step: half a request is nothing. */
        Series most(String name, Function<P, @Nullable Double> value) {
            return series(name, value, values -> values.max().orElse(0));
        }

        private Series series(
                String name, Function<P, @Nullable Double> value, ToDoubleFunction<DoubleStream> together) {
            Duration step = back.dividedBy(POINTS);
            Duration gap = step.multipliedBy(3).compareTo(Duration.ofMinutes(3)) > 0
                    ? step.multipliedBy(3)
                    : Duration.ofMinutes(3);
            List<Point> series = new ArrayList<>();
            Instant from = null;
            Instant last = null;
            List<Double> known = new ArrayList<>();
            for (P point : points) {
                Instant moment = at.apply(point);
                if (from != null && !moment.isBefore(from.plus(step))) {
                    series.add(new Point(from, joined(known, together)));
                    if (last != null && Duration.between(last, moment).compareTo(gap) > 0) {
                        series.add(new Point(last.plus(step), null));
                    }
                    from = null;
                    known.clear();
                }
                from = from == null ? moment : from;
                last = moment;
                Double v = value.apply(point);
                if (v != null) {
                    known.add(v);
                }
            }
            if (from != null) {
                series.add(new Point(from, joined(known, together)));
            }
            return new Series(name, series);
        }

        private static @Nullable Double joined(List<Double> known, ToDoubleFunction<DoubleStream> together) {
            return known.isEmpty()
                    ? null
                    : rounded(together.applyAsDouble(known.stream().mapToDouble(Double::doubleValue)));
        }

        /** Four digits are more than a chart shows; others only cost transfer. */
        private static Double rounded(double value) {
            return value == 0
                    ? 0.0
                    : new java.math.BigDecimal(value)
                            .round(new java.math.MathContext(4))
                            .doubleValue();
        }
    }
}
