package dev.rackhouse.preparation.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.passthrough.CheckRow;
import dev.rackhouse.passthrough.Finding;
import dev.rackhouse.passthrough.ui.CheckLine;
import dev.rackhouse.preparation.PreparationDraft;
import dev.rackhouse.preparation.PreparationReadiness;
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
        CheckRow.of(readiness.findings()).forEach(row -> {
            lines.add(new CheckLine(row, draft.accepted(), presenter::tick, help));
            if (row.check().equals(PreparationReadiness.CARRIES_CONSOLE)) {
                lines.add(typed(draft));
            }
        });
        if (readiness.findings().isEmpty()) {
            lines.add(new Span("Nothing stands in the way."));
        }
        add(lines);
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
