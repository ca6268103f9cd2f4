package dev.rackhouse.runbook.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.NativeDetails;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.ElapsedLabel;
import dev.rackhouse.runbook.CommandText;
import dev.rackhouse.runbook.RunDetails.RunStep;
import dev.rackhouse.runbook.Step;
import dev.rackhouse.runbook.StepState;
import dev.rackhouse.runbook.Undo;
import org.jspecify.annotations.Nullable;

/** One step of a run: how it stands, how long it took, what it waits for; what was planned folds out. */
class StepRow extends ListItem {

    private final Div line = new Div();
    private @Nullable RunStep shown;

    StepRow(Step planned) {
        addClassName("run-step");
        line.addClassName("run-step-line");
        Pre literal = new Pre(literal(planned));
        literal.addClassName("command");
        NativeDetails details = new NativeDetails("what was planned", literal);
        details.addClassNames("small", "faint");
        add(line, details);
    }

    private static String literal(Step planned) {
        StringBuilder text = new StringBuilder(CommandText.literal(planned.command()));
        if (planned.confirm() != null) {
            text.append("\n\nproved by: ")
                    .append(CommandText.literal(planned.confirm().check()));
        }
        for (Undo undo : planned.undo()) {
            text.append("\n\nundone by: ").append(CommandText.literal(undo.command()));
        }
        return text.toString();
    }

    /** Shows how the step stands now; nothing is sent to the browser when it is the same. */
    void show(RunStep step) {
        if (step.equals(shown)) {
            return;
        }
        shown = step;
        line.removeAll();
        Span number = new Span(Integer.toString(step.number()));
        number.addClassNames("figure", "faint");
        Span title = new Span(step.title());
        title.addClassName(step.state() == StepState.PENDING ? "muted" : "strong");
        Div words = new Div(title);
        words.addClassNames("stack", "grow");
        if (!step.note().isBlank()) {
            Span note = new Span(prefix(step.state()) + step.note());
            note.addClassNames("small", "muted", "wrap-anywhere");
            words.add(note);
        }
        if (step.upid() != null) {
            Span upid = new Span(step.upid());
            upid.addClassNames("mono", "small", "faint", "wrap-anywhere");
            words.add(upid);
        }
        Div times = new Div();
        times.addClassNames("stack", "run-step-times");
        if (step.startedAt() != null && step.state() != StepState.PENDING) {
            times.add(new ElapsedLabel(step.startedAt(), step.finishedAt()));
        }
        String expected = RunTexts.expected(step);
        if (!expected.isEmpty() && step.finishedAt() == null) {
            Span usual = new Span(expected);
            usual.addClassNames("small", "faint");
            times.add(usual);
        }
        if (step.attempts() > 1) {
            Span attempts = new Span("attempt " + step.attempts());
            attempts.addClassNames("small", "faint");
            times.add(attempts);
        }
        line.add(RunBadges.of(step.state()).iconOnly(), number, words, times);
    }

    private static String prefix(StepState state) {
        return switch (state) {
            case WAITING -> "waiting: ";
            case RUNNING, UNDOING -> "";
            case NEEDS_APPROVAL, PENDING, DONE, ALREADY_DONE, FAILED, UNDONE, UNDO_FAILED -> "";
        };
    }
}
