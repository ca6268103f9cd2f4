package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.passthrough.CheckRow;
import dev.rackhouse.passthrough.Finding;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One check: how it came out, the measured fact, the fix, and a tick where one is needed. */
public final class CheckLine extends Composite<Div> {

    private final BiConsumer<Finding, Boolean> ticked;

    /**
     * @param accepted keys of the findings that are ticked
     * @param help a button that resolves a finding; null: there is none
     */
    public CheckLine(
            CheckRow row,
            Set<String> accepted,
            BiConsumer<Finding, Boolean> ticked,
            Function<Finding, @Nullable Component> help) {
        this.ticked = ticked;
        Span text = new Span(row.text());
        text.addClassName("wrap-anywhere");
        Div body = new Div(text);
        body.addClassNames("stack", "grow");
        Finding finding = row.finding();
        if (finding != null) {
            explain(body, finding, accepted, help);
        }
        Span id = new Span(row.check());
        id.addClassNames("mono", "small", "faint", "wide-only");
        getContent().add(badge(row.outcome()), body, id);
        getContent().addClassName("wizard-check");
    }

    private void explain(Div body, Finding finding, Set<String> accepted, Function<Finding, @Nullable Component> help) {
        body.add(remedy(finding));
        if (!finding.evidence().isEmpty()) {
            body.add(evidence(finding));
        }
        Div actions = new Div();
        actions.addClassName("row");
        if (finding.needsTick()) {
            actions.add(tick(finding, accepted));
        }
        Component button = help.apply(finding);
        if (button != null) {
            actions.add(button);
        }
        if (actions.getComponentCount() > 0) {
            body.add(actions);
        }
    }

    private static StatusBadge badge(CheckRow.Outcome outcome) {
        return switch (outcome) {
            case BLOCK -> StatusBadge.of("critical", "blocks");
            case WARN -> StatusBadge.of("attention", "warning");
            case UNKNOWN -> StatusBadge.of("unknown", "unknown");
            case INFORM -> StatusBadge.of("off", "note");
            case PASS -> StatusBadge.of("ok", "passed");
        };
    }

    private static Span remedy(Finding finding) {
        Span remedy = new Span(finding.remedy() + (finding.needsReboot() ? " Needs a reboot of the host." : ""));
        remedy.addClassNames("small", "muted", "wrap-anywhere");
        return remedy;
    }

    private static Details evidence(Finding finding) {
        Pre lines = new Pre(String.join("\n", finding.evidence()));
        lines.addClassName("command");
        Details details = new Details("Evidence", lines);
        details.addClassName("small");
        return details;
    }

    private Checkbox tick(Finding finding, Set<String> accepted) {
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
