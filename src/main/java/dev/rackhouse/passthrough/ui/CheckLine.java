package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.CopyButton;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.passthrough.CheckRow;
import dev.rackhouse.passthrough.Checks;
import dev.rackhouse.passthrough.Finding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One check as a line: how it came out, the measured fact, why it matters, the fix, the raw lines that show it. */
final class CheckLine {

    private CheckLine() {}

    /** @param actions what can be pressed or ticked; null parts are left out */
    static Div of(CheckRow row, @Nullable Component... actions) {
        Span text = new Span(row.text());
        text.addClassName("wrap-anywhere");
        Div body = new Div(text);
        body.addClassNames("stack", "grow");
        Finding finding = row.finding();
        if (finding != null) {
            Checks.find(finding.check()).ifPresent(c -> body.add(small("Why it matters: " + c.why(), "faint")));
            body.add(small(finding.remedy() + (finding.needsReboot() ? " Needs a reboot of the host." : ""), "muted"));
            if (!finding.evidence().isEmpty()) {
                body.add(evidence(finding));
            }
        }
        List<Component> there = new ArrayList<>();
        for (Component action : actions) {
            if (action != null) {
                there.add(action);
            }
        }
        if (!there.isEmpty()) {
            Div line = new Div(there.toArray(Component[]::new));
            line.addClassName("row");
            body.add(line);
        }
        Span id = new Span(row.check());
        id.addClassNames("mono", "small", "faint", "wide-only");
        Div line = new Div(badge(row.outcome()), body, id);
        line.addClassName("wizard-check");
        return line;
    }

    private static Span small(String text, String look) {
        Span span = new Span(text);
        span.addClassNames("small", look, "wrap-anywhere");
        return span;
    }

    static StatusBadge badge(CheckRow.Outcome outcome) {
        return StatusBadge.of(look(outcome), word(outcome));
    }

    static String look(CheckRow.Outcome outcome) {
        return switch (outcome) {
            case BLOCK -> "critical";
            case WARN -> "attention";
            case UNKNOWN -> "unknown";
            case INFORM -> "off";
            case PASS -> "ok";
        };
    }

    private static String word(CheckRow.Outcome outcome) {
        return switch (outcome) {
            case BLOCK -> "blocks";
            case WARN -> "warning";
            case UNKNOWN -> "unknown";
            case INFORM -> "note";
            case PASS -> "passed";
        };
    }

    private static Details evidence(Finding finding) {
        String raw = String.join("\n", finding.evidence());
        Pre lines = new Pre(raw);
        lines.addClassName("command");
        Details details = new Details("Evidence", new Div(lines, new CopyButton("Copy", () -> raw)));
        details.addClassName("small");
        return details;
    }
}
