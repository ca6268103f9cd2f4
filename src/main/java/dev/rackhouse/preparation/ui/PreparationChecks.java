package dev.rackhouse.preparation.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.preparation.PreparationDraft;
import dev.rackhouse.preparation.PreparationReadiness;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What stands in the way and what the reboot may bring, each with its fact; ticks where a person must have read it. */
final class PreparationChecks extends Div {

    private final PreparationPresenter presenter;
    private final Function<Finding, @Nullable Component> help;

    /** @param help a button that resolves a finding; null: there is none */
    PreparationChecks(PreparationPresenter presenter, Function<Finding, @Nullable Component> help) {
        this.presenter = presenter;
        this.help = help;
        addClassNames("stack", "wizard-page");
    }

    void show(PreparationState state) {
        removeAll();
        PreparationReadiness readiness = state.readiness();
        PreparationDraft draft = state.draft();
        if (readiness == null || draft == null) {
            add(new Span("The host is being read."));
            return;
        }
        if (readiness instanceof PreparationReadiness.NotNeeded no) {
            add(new Notice(Verdict.Level.OK, "Nothing has to be done", no.why()));
        }
        Div lines = new Div();
        lines.addClassName("wizard-checks");
        readiness.findings().forEach(f -> lines.add(line(f, draft)));
        if (readiness.findings().isEmpty()) {
            lines.add(new Span("Nothing stands in the way."));
        }
        add(lines);
    }

    private Div line(Finding finding, PreparationDraft draft) {
        Span text = new Span(finding.text());
        text.addClassName("wrap-anywhere");
        Span remedy = new Span(finding.remedy());
        remedy.addClassNames("small", "muted", "wrap-anywhere");
        Div body = new Div(text, remedy);
        body.addClassNames("stack", "grow");
        if (!finding.evidence().isEmpty()) {
            Pre evidence = new Pre(String.join("\n", finding.evidence()));
            evidence.addClassName("command");
            body.add(new Details("Evidence", evidence));
        }
        if (finding.needsTick()) {
            body.add(tick(finding, draft.accepted()));
        }
        if (finding.check().equals("reboot.carries-console")) {
            body.add(typed(draft));
        }
        Component button = help.apply(finding);
        if (button != null) {
            body.add(button);
        }
        Span id = new Span(finding.check());
        id.addClassNames("mono", "small", "faint", "wide-only");
        Div line = new Div(badge(finding), body, id);
        line.addClassName("wizard-check");
        return line;
    }

    private static StatusBadge badge(Finding finding) {
        return switch (finding.severity()) {
            case BLOCKER -> StatusBadge.of("critical", "blocks");
            case WARNING -> StatusBadge.of("attention", "warning");
            case INFORMATION -> StatusBadge.of("off", "note");
        };
    }

    private Checkbox tick(Finding finding, Set<String> accepted) {
        Checkbox box = new Checkbox("I have read this and go on", accepted.contains(finding.key()));
        box.setAriaLabel(finding.check() + ": I have read this and go on");
        box.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                presenter.tick(finding, change.getValue());
            }
        });
        return box;
    }

    private TextField typed(PreparationDraft draft) {
        TextField field = new TextField("Type \"" + PreparationDraft.SOMEBODY_THERE + "\" to go on");
        field.setValue(draft.somebodyThere());
        field.setValueChangeMode(ValueChangeMode.ON_BLUR);
        field.addClassName("wizard-wide");
        field.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                presenter.edit(d -> d.withSomebodyThere(change.getValue()));
            }
        });
        return field;
    }
}
