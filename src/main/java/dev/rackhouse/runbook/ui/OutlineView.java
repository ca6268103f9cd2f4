package dev.rackhouse.runbook.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.NativeDetails;
import com.vaadin.flow.component.html.OrderedList;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.CopyButton;
import dev.rackhouse.base.ui.DownloadButton;
import dev.rackhouse.runbook.Command;
import dev.rackhouse.runbook.CommandText;
import dev.rackhouse.runbook.Outline;
import dev.rackhouse.runbook.RunScript;
import dev.rackhouse.runbook.Step;
import dev.rackhouse.runbook.Undo;
import java.time.Duration;
import java.util.Map;

/**
 * The preview: each step with what will be sent, literally, how it is proved and how it is undone. What stands here is the data that
 * is executed.
 */
public class OutlineView extends Composite<Div> {

    /** Lines of a script that are still read at a glance. */
    private static final int LONG = 24;

    public OutlineView(Outline outline) {
        Div body = getContent();
        body.addClassName("outline");
        Duration expected = outline.steps().stream()
                .map(step -> step.expected() == null ? Duration.ZERO : step.expected())
                .reduce(Duration.ZERO, Duration::plus);
        Div facts = new Div(new Span(outline.steps().size() + (outline.steps().size() == 1 ? " step" : " steps")));
        facts.addClassNames("row", "muted", "small");
        if (!expected.isZero()) {
            facts.add(new Span("about " + CommandText.time(expected)));
        }
        facts.add(
                new CopyButton("Copy", () -> RunScript.of(outline, Map.of())),
                new DownloadButton(
                        "Download as script", "plan.sh", "text/x-shellscript", () -> RunScript.of(outline, Map.of())));
        body.add(facts);
        OrderedList list = new OrderedList();
        list.addClassName("outline-steps");
        outline.steps().forEach(step -> list.add(row(step)));
        body.add(list);
        if (outline.undoOnFailure()) {
            body.add(new Paragraph("When a step fails for good, what was done before it is undone at once."));
        }
        outline.notes().forEach(note -> body.add(new Paragraph(note)));
    }

    private static ListItem row(Step step) {
        Span title = new Span(step.title());
        title.addClassName("strong");
        Div what = new Div(title);
        what.addClassName("stack");
        if (step.question() != null) {
            Span asks = new Span("Asks first: " + step.question());
            asks.addClassName("outline-asks");
            what.add(asks);
        }
        what.add(sent(step.command()));
        if (step.unless() != null) {
            what.add(more("skipped when it is so already", CommandText.literal(step.unless())));
        }
        if (step.confirm() != null) {
            String within = step.confirm().within().isZero()
                    ? "proved at once by"
                    : "proved within " + CommandText.time(step.confirm().within()) + " by";
            what.add(more(within, CommandText.literal(step.confirm())));
        }
        return new ListItem(what, undone(step));
    }

    private static Component undone(Step step) {
        Div undone = new Div();
        undone.addClassNames("stack", "outline-undo");
        Span head = new Span(
                !step.undo().isEmpty() ? "undone by" : step.command().changes() ? "not undone" : "changes nothing");
        head.addClassNames("small", "faint");
        undone.add(head);
        for (Undo undo : step.undo()) {
            undone.add(more(
                    undo.title(),
                    CommandText.literal(undo.command())
                            + (undo.onlyIf() == null
                                    ? ""
                                    : "\n\nonly while it is ours:\n" + CommandText.literal(undo.onlyIf()))
                            + (undo.ifLastFails() == null
                                    ? ""
                                    : "\n\nonly when what stands before it has failed: " + undo.ifLastFails())));
        }
        return undone;
    }

    /** Differences of files stand open; what is only read, and long scripts, behind a line that says what it is. */
    private static Component sent(Command command) {
        String literal = CommandText.literal(command);
        long lines = literal.lines().count();
        return switch (command) {
            case Command.FileEdit _ -> difference(literal);
            case Command.Wait wait ->
                more(
                        wait.until().within().isZero()
                                ? "what is read, and what must be so"
                                : "waits at most "
                                        + CommandText.time(wait.until().within()) + " for this",
                        literal);
            case Command.Shell _
            when lines > LONG -> more(CommandText.summary(command) + ", " + lines + " lines", literal);
            case Command.Shell _, Command.ApiCall _, Command.ServiceCall _, Command.SysfsWrite _, Command.Pause _ ->
                command(literal);
        };
    }

    private static Component difference(String literal) {
        Pre pre = new Pre();
        pre.addClassName("command");
        literal.lines().forEach(line -> {
            Span one = new Span(line + "\n");
            if (line.startsWith("  + ") || line.equals("  +")) {
                one.addClassName("added");
            } else if (line.startsWith("  - ") || line.equals("  -")) {
                one.addClassName("removed");
            }
            pre.add(one);
        });
        return pre;
    }

    private static Component command(String literal) {
        Pre pre = new Pre(literal);
        pre.addClassName("command");
        return pre;
    }

    private static Component more(String summary, String literal) {
        NativeDetails details = new NativeDetails(summary, command(literal));
        details.addClassName("small");
        return details;
    }
}
