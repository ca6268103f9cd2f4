package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.html.NativeButton;
import com.vaadin.flow.component.html.Nav;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.StatusBadge;
import java.util.function.Consumer;

/** The steps beside the page, each with how it stands. */
final class StepRail extends Nav {

    private final Consumer<WizardStep> go;

    StepRail(Consumer<WizardStep> go) {
        this.go = go;
        addClassName("wizard-rail");
        getElement().setAttribute("aria-label", "Steps");
    }

    void show(WizardState state) {
        removeAll();
        for (WizardState.RailEntry entry : state.rail()) {
            add(button(entry));
        }
    }

    private NativeButton button(WizardState.RailEntry entry) {
        Span title = new Span((entry.step().ordinal() + 1) + " " + entry.step().title());
        title.addClassName("strong");
        Span detail = new Span(entry.detail());
        detail.addClassNames("small", "muted", "clip");
        NativeButton button = new NativeButton();
        button.addClassName("wizard-rail-step");
        button.add(title, badge(entry.standing()), detail);
        button.addClickListener(click -> go.accept(entry.step()));
        if (entry.standing() == WizardState.Standing.CURRENT) {
            button.getElement().setAttribute("aria-current", "step");
        }
        return button;
    }

    private static Span badge(WizardState.Standing standing) {
        return switch (standing) {
            case DONE -> StatusBadge.of("ok", "done").iconOnly();
            case ATTENTION -> StatusBadge.of("attention", "to do").iconOnly();
            case BLOCKED -> StatusBadge.of("critical", "blocked").iconOnly();
            case CURRENT -> StatusBadge.of("running", "here").iconOnly();
            case OPEN -> StatusBadge.of("off", "open").iconOnly();
        };
    }
}
