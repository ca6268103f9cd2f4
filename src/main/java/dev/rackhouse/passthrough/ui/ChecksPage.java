package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.passthrough.CheckRow;
import dev.rackhouse.passthrough.Finding;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Every check as a line: how it came out, the measured fact, the fix, and a tick where one is needed. */
final class ChecksPage extends StepPage {

    private final WizardPresenter presenter;
    private final Function<Finding, @Nullable Component> help;
    private final Div lines = new Div();
    private final Button again;

    /**
     * @param probe asks the host again
     * @param help a button that resolves a finding; null: there is none
     */
    ChecksPage(WizardPresenter presenter, Runnable probe, Function<Finding, @Nullable Component> help) {
        this.presenter = presenter;
        this.help = help;
        lines.addClassName("wizard-checks");
        again = new Button("Probe the host again", click -> probe.run());
        again.addThemeVariants(ButtonVariant.LUMO_SMALL);
        again.setDisableOnClick(true);
        Div head = new Div(
                new Span("Proxmox takes the whole IOMMU group at VM start, so the host's own needs are checked first."),
                again);
        head.addClassNames("row", "spread");
        add(head, lines);
    }

    @Override
    void show(WizardState state) {
        again.setEnabled(state.site() != null);
        lines.removeAll();
        if (state.site() == null) {
            lines.add(new Span("Choose a node first."));
            return;
        }
        state.checks().forEach(row -> lines.add(line(row, state.draft().accepted())));
    }

    private Div line(CheckRow row, Set<String> accepted) {
        Span text = new Span(row.text());
        text.addClassName("wrap-anywhere");
        Div body = new Div(text);
        body.addClassNames("stack", "grow");
        Finding finding = row.finding();
        if (finding != null) {
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
        Span id = new Span(row.check());
        id.addClassNames("mono", "small", "faint", "wide-only");
        Div line = new Div(badge(row.outcome()), body, id);
        line.addClassName("wizard-check");
        return line;
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
                presenter.tick(finding, change.getValue());
            }
        });
        return box;
    }
}
