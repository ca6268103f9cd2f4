package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.AgeLabel;
import dev.rackhouse.base.ui.CopyButton;
import dev.rackhouse.base.ui.ElapsedLabel;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.ServingEngine;
import dev.rackhouse.inference.health.EngineFailure;
import dev.rackhouse.inference.health.EngineStanding;
import dev.rackhouse.inference.live.CardNow;
import dev.rackhouse.inference.live.DeploymentNow;
import dev.rackhouse.inference.live.LogLine;
import dev.rackhouse.inference.live.PlaceNow;
import dev.rackhouse.inference.live.Standings;
import dev.rackhouse.inference.live.StartTimeline;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The moving part of a deployment's page: standing, figures, its start, its cards, charts, the end of its log. */
class EngineLive extends Div {

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.of("UTC"));
    private static final int LINES = 30;

    private final Deployment deployment;
    private final Standings standings;
    private final Clock clock;
    private final Slot standing = new Slot("engine-standing");
    private final AgeLabel age = new AgeLabel(Instant.EPOCH);
    private final Slot causes = new Slot("engine-causes");
    private final EngineTiles tiles = new EngineTiles();
    private final Slot start = new Slot("engine-start");
    private final Section startSection = new Section("Its start", start);
    private final Map<GpuPin, CardLive> cards = new LinkedHashMap<>();
    private final EngineCharts charts;
    private final Pre log = new Pre();
    private final Div logEnd = new Div(log);
    private final Section logSection = new Section("End of its log", logEnd);
    private List<LogLine> lines = List.of();

    EngineLive(Deployment deployment, ServingEngine engine, Standings standings, Clock clock) {
        this.deployment = deployment;
        this.standings = standings;
        this.clock = clock;
        this.charts = new EngineCharts(deployment, standings, clock, engine.kind() == EngineKind.VLLM);
        addClassName("engine-live");
        Div head = new Div(standing, age);
        head.addClassNames("row", "engine-head-line");
        age.setVisible(false);
        logEnd.addClassNames("command", "engine-log");
        logSection.beside(
                utc(),
                new CopyButton("Copy", () -> lines.stream().map(LogLine::text).collect(Collectors.joining("\n"))));
        add(head, causes, tiles, startSection);
        if (!deployment.gpus().isEmpty()) {
            add(cards());
        }
        add(new Section("Over time", charts), logSection);
        refresh();
    }

    private static Span utc() {
        Span utc = new Span("times in UTC");
        utc.addClassNames("small", "faint");
        return utc;
    }

    private Section cards() {
        Div grid = new Div();
        grid.addClassName("cards");
        for (GpuPin gpu : deployment.gpus()) {
            Span name =
                    new Span(gpu.address() == null ? gpu.uuid() : gpu.address().toString());
            name.addClassNames("strong", "mono", "wrap-anywhere");
            name.setTitle(gpu.uuid());
            CardLive live = new CardLive(standings, clock);
            cards.put(gpu, live);
            Div card = new Div(name, live);
            card.addClassName("card");
            grid.add(card);
        }
        return new Section("Its GPUs now", grid);
    }

    void refresh() {
        Instant at = clock.instant();
        standings.of(deployment.id()).ifPresent(now -> show(now, at));
        charts.follow();
    }

    private void show(DeploymentNow now, Instant at) {
        standing.show(LiveWords.standing(now, at) + now.since() + now.wanted(), () -> {
            Span why = new Span(now.sentence(at));
            why.addClassName("wrap-anywhere");
            Div line = new Div(LiveWords.badge(now, at), why);
            if (now.seen() != null && now.fresh(at)) {
                Span since = new Span("for");
                since.addClassName("faint");
                line.add(since, new ElapsedLabel(now.since(), null));
            }
            if (!now.wanted() && !now.off(at) && now.seen() != null) {
                Span odd = new Span("not meant to run now");
                odd.addClassNames("chip", "attention");
                line.add(odd);
            }
            line.addClassName("row");
            return line;
        });
        age.setVisible(now.seen() != null);
        if (now.seen() != null) {
            age.show(now.seen());
        }
        causes(now, at);
        Optional<PlaceNow> place = standings.place(deployment.place());
        tiles.show(now, place, at);
        StartTimeline timeline = now.start();
        startSection.setVisible(timeline != null);
        if (timeline != null) {
            start.show(StartPicture.standing(timeline), () -> new StartPicture(timeline, at));
        }
        cards.forEach((gpu, live) -> live.show(new CardNow(
                deployment.place(),
                gpu.uuid(),
                place.flatMap(p -> p.card(gpu.uuid())).orElse(null),
                place.map(p -> p.trouble().isEmpty() ? p.cardTrouble() : p.trouble())
                        .orElse(""))));
        log(now);
    }

    /** What a dead engine's log names as causes, each with what helps. */
    private void causes(DeploymentNow now, Instant at) {
        List<EngineFailure.Found> found =
                now.standing(at) instanceof EngineStanding.Dead dead && !now.off(at) ? dead.causes() : List.of();
        causes.setVisible(!found.isEmpty());
        causes.show(found.toString(), () -> {
            List<String> sentences = new ArrayList<>();
            found.forEach(f -> sentences.add(f.cause() + " " + f.advice()));
            Div all = new Div(FitShown.sentences(sentences));
            all.addClassName("notice");
            return all;
        });
    }

    private void log(DeploymentNow now) {
        logSection.setVisible(!now.lastLines().isEmpty());
        List<LogLine> last = now.lastLines()
                .subList(
                        Math.max(0, now.lastLines().size() - LINES),
                        now.lastLines().size());
        if (!last.equals(lines)) {
            lines = last;
            log.setText(last.stream()
                    .map(l -> CLOCK.format(l.at()) + "  " + l.text())
                    .collect(Collectors.joining("\n")));
        }
    }
}
