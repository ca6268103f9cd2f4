package dev.rackhouse.runbook.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.NativeDetails;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.TimeLabel;
import dev.rackhouse.runbook.Evidence;
import java.util.List;

/** Every command of a run with its answer, as it was kept: redacted and bounded. */
class EvidenceList extends Composite<Div> {

    EvidenceList(List<Evidence> evidence) {
        getContent().addClassName("stack");
        evidence.forEach(e -> getContent().add(row(e)));
        if (evidence.isEmpty()) {
            getContent().add(new Span("Nothing has been sent yet."));
        }
    }

    private static Component row(Evidence e) {
        String first = e.command().lines().findFirst().orElse("");
        NativeDetails details = new NativeDetails(summary(e, first), body(e));
        details.addClassName("evidence");
        return details;
    }

    private static Component summary(Evidence e, String first) {
        Span step = new Span(e.step() + " " + e.part());
        step.addClassName("faint");
        Span command = new Span(first);
        command.addClassNames("mono", "wrap-anywhere");
        Span status = new Span(
                e.status() == null
                        ? e.answeredAt() == null ? "no answer kept" : "no answer"
                        : Integer.toString(e.status()));
        status.addClassName("chip");
        if (e.status() == null || e.status() >= 400 || e.status() > 0 && e.status() < 200) {
            status.addClassName("attention");
        }
        Div line = new Div(step, command, status);
        line.addClassName("row");
        if (e.times() > 1) {
            Span times = new Span(e.times() + " times");
            times.addClassNames("chip");
            line.add(times);
        }
        return line;
    }

    private static Component body(Evidence e) {
        Div body = new Div();
        body.addClassName("stack");
        Div when = new Div(new Span("on " + e.machine()), new TimeLabel(e.sentAt()));
        when.addClassNames("row", "small", "muted");
        if (e.answeredAt() != null) {
            long millis = java.time.Duration.between(e.sentAt(), e.answeredAt()).toMillis();
            when.add(new Span("answered after " + millis + " ms"));
        }
        if (e.upid() != null) {
            when.add(new Span(e.upid()));
        }
        body.add(when, pre(e.command()));
        if (!e.judgement().isBlank()) {
            body.add(new Span(e.judgement()));
        }
        if (!e.answer().isBlank() && !e.answer().equals("null")) {
            body.add(pre(e.answer()));
        }
        if (!e.error().isBlank()) {
            body.add(pre(e.error()));
        }
        return body;
    }

    private static Pre pre(String text) {
        Pre pre = new Pre(text);
        pre.addClassName("command");
        return pre;
    }
}
