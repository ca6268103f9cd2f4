package dev.rackhouse.runbook.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.CopyButton;
import dev.rackhouse.base.ui.DownloadButton;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.runbook.RunId;
import dev.rackhouse.runbook.RunLogLine;
import dev.rackhouse.runbook.Runs;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The live log: only new lines are sent to the browser; the last thousand stay on the page, the download has all. */
class RunLog extends Composite<Section> {

    private static final int ON_PAGE = 1000;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Runs runs;
    private final RunId run;
    private final Div lines = new Div();
    private final Checkbox follow = new Checkbox("Follow", true);
    private long last;

    RunLog(Runs runs, RunId run) {
        this.runs = runs;
        this.run = run;
        lines.addClassName("run-log");
        lines.getElement().setAttribute("role", "log");
        lines.getElement().setAttribute("tabindex", "0");
        lines.getElement().setAttribute("aria-label", "Live log, times in UTC");
        getContent()
                .beside(
                        follow,
                        new CopyButton("Copy", this::text),
                        new DownloadButton("Download", "run-" + run + ".log", "text/plain", this::text));
        getContent().add(lines);
    }

    @Override
    protected Section initContent() {
        return new Section("Live log");
    }

    /** Appends what has come since the last time. */
    void refresh() {
        List<RunLogLine> news = runs.log(run, last, last == 0 ? 6000 : ON_PAGE);
        if (news.isEmpty()) {
            return;
        }
        last = news.getLast().number();
        news.subList(Math.max(0, news.size() - ON_PAGE), news.size()).forEach(line -> lines.add(row(line)));
        while (lines.getComponentCount() > ON_PAGE) {
            lines.remove(lines.getComponentAt(0));
        }
        if (Boolean.TRUE.equals(follow.getValue())) {
            lines.getElement().executeJs("requestAnimationFrame(() => this.scrollTop = this.scrollHeight)");
        }
    }

    private static Div row(RunLogLine line) {
        Span time = new Span(TIME.format(line.at()));
        time.addClassName("faint");
        Span where = new Span(line.step() == 0 ? "" : Integer.toString(line.step()));
        where.addClassNames("faint", "run-log-step");
        Span text = new Span(line.text());
        text.addClassName(line.source().equals("run") ? "run-log-own" : "run-log-machine");
        Div row = new Div(time, where, text);
        row.addClassName("run-log-line");
        return row;
    }

    private String text() {
        return runs.log(run, 0, 10_000).stream()
                .map(l -> TIME.format(l.at()) + " " + (l.step() == 0 ? "-" : l.step()) + " " + l.source() + " "
                        + l.text())
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
