package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.checkbox.Checkbox;
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
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One check as a line: how it came out, the measured fact, why it matters, the fix, the raw lines that show it. */
public final class CheckLine extends Composite<Div> {

    /**
     * A line in a wizard, with a tick where one is needed.
     *
     * @param accepted keys of the findings that are ticked
     * @param help a button that resolves a finding; null: there is none
     */
    public CheckLine(
            CheckRow row,
            Set<String> accepted,
            BiConsumer<Finding, Boolean> ticked,
            Function<Finding, @Nullable Component> help) {
        Finding finding = row.finding();
        show(
                row,
                finding == null || !finding.needsTick() ? null : tick(finding, accepted, ticked),
                finding == null ? null : help.apply(finding));
    }

    /** A line that is only read. */
    CheckLine(CheckRow row, @Nullable Component fix) {
        show(row, fix);
    }

    private void show(CheckRow row, @Nullable Component... actions) {
        Span text = new Span(row.text());
        text.addClassName("wrap-anywhere");
        Div body = new Div(text);
        body.addClassNames("stack", "grow");
        Finding finding = row.finding();
        if (finding != null) {
            explain(body, finding);
        }
        List<Component> foot =
                new ArrayList<>(Stream.of(actions).filter(Objects::nonNull).toList());
        if (finding != null && !finding.evidence().isEmpty()) {
            foot.add(evidence(finding));
        }
        if (!foot.isEmpty()) {
            Div line = new Div(foot.toArray(Component[]::new));
            line.addClassNames("row", "wizard-check-foot");
            body.add(line);
        }
        Span id = new Span(row.check());
        id.addClassNames("mono", "small", "faint", "wide-only");
        getContent().add(badge(row.outcome()), body, id);
        getContent().addClassName("wizard-check");
    }

    private static void explain(Div body, Finding finding) {
        Checks.find(finding.check()).ifPresent(c -> body.add(small("Why it matters: " + c.why(), "faint")));
        body.add(small(finding.remedy() + (finding.needsReboot() ? " Needs a reboot of the host." : ""), "muted"));
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

    private static Checkbox tick(Finding finding, Set<String> accepted, BiConsumer<Finding, Boolean> ticked) {
        Checkbox box = new Checkbox("I have read this and go on");
        box.setValue(accepted.contains(finding.key()));
        box.setAriaLabel(finding.check() + ": I have read this and go on");
        box.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                ticked.accept(finding, change.getValue());
            }
        });
        return box;
    }
}
