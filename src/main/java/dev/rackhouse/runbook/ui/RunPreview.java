package dev.rackhouse.runbook.ui;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.textfield.TextField;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.RunRoutes;
import dev.rackhouse.runbook.Runbook;
import dev.rackhouse.runbook.Runs;
import dev.rackhouse.runbook.Start;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows the plan of a run and starts it on request: the short way for actions that need no wizard. Starting leads to the run's page;
 * a refusal stays here with its reason.
 *
 * @param <P> the plan
 */
public class RunPreview<P> extends Dialog {

    /** Begins the run for the reason that was typed; empty: it did not, and has said why. */
    @FunctionalInterface
    public interface Begin {
        Optional<Start> begin(String reason);
    }

    private final Begin begin;
    private final TextField reason = new TextField("Reason (kept with the run)");

    /**
     * @param verb what the button says: {@code Stop VM 214}
     * @param typedName what must be typed before the button works, where data can be lost; null: nothing
     */
    public RunPreview(
            Runs runs, CurrentOperator operators, Runbook<P> runbook, P plan, String verb, @Nullable String typedName) {
        this(
                runbook.outline(plan),
                verb,
                typedName,
                reason -> Optional.of(runs.start(runbook, plan, operators.require(Role.OPERATOR), reason)));
    }

    /** For actions that do more than start the run: that store first what they are about, or give it secrets. */
    public RunPreview(Outline outline, String verb, @Nullable String typedName, Begin begin) {
        this.begin = begin;
        setHeaderTitle(outline.title());
        reason.setWidthFull();
        reason.setMaxLength(500);
        add(new OutlineView(outline), reason);
        Button go = new Button(verb, _ -> start());
        go.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        if (typedName != null) {
            go.addThemeVariants(ButtonVariant.LUMO_ERROR);
            go.setEnabled(false);
            TextField name = new TextField("Type " + typedName + " to go on");
            name.setWidthFull();
            name.setValueChangeMode(com.vaadin.flow.data.value.ValueChangeMode.EAGER);
            name.addValueChangeListener(
                    change -> go.setEnabled(typedName.equals(change.getValue().strip())));
            add(name);
        }
        getFooter().add(new Button("Back", _ -> close()), go);
        setWidth("min(860px, 96vw)");
    }

    private void start() {
        begin.begin(reason.getValue()).ifPresent(this::started);
    }

    private void started(Start start) {
        switch (start) {
            case Start.Started(var run) -> {
                close();
                UI.getCurrent().navigate(RunRoutes.run(run));
            }
            case Start.Held held ->
                addComponentAsFirst(new Notice(Verdict.Level.ATTENTION, "Another run is at work here", held.sentence())
                        .actions(new com.vaadin.flow.component.html.Anchor(
                                RunRoutes.run(held.holder()), "Open run " + held.holder())));
        }
    }
}
