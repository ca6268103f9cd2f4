package dev.rackhouse.runbook.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.NativeDetails;
import com.vaadin.flow.component.html.OrderedList;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.notification.Notification;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.ConfirmAction;
import dev.rackhouse.base.ui.DownloadButton;
import dev.rackhouse.base.ui.ElapsedLabel;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.Facts;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.base.ui.TimeLabel;
import dev.rackhouse.runbook.RunAction;
import dev.rackhouse.runbook.RunDetails;
import dev.rackhouse.runbook.RunDetails.RunStep;
import dev.rackhouse.runbook.RunFeed;
import dev.rackhouse.runbook.RunId;
import dev.rackhouse.runbook.RunReport;
import dev.rackhouse.runbook.RunRoutes;
import dev.rackhouse.runbook.RunScript;
import dev.rackhouse.runbook.RunState;
import dev.rackhouse.runbook.RunSummary;
import dev.rackhouse.runbook.Runs;
import jakarta.annotation.security.PermitAll;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run, live: its steps, what it needs from a person, the log, the proof, the evidence. Everything survives a reload. */
@Route(RunRoutes.RUN)
@PermitAll
class RunView extends Page implements BeforeEnterObserver, HasDynamicTitle {

    private final Runs runs;
    private final RunFeed feed;
    private final CurrentOperator operators;
    private final PageHeader header = new PageHeader("Run");
    private final Div standing = new Div();
    private final OrderedList steps = new OrderedList();
    private final List<StepRow> rows = new ArrayList<>();
    private String title = "Run";
    private @Nullable RunId id;
    private @Nullable RunLog log;
    private @Nullable RunSummary shown;

    RunView(Runs runs, RunFeed feed, CurrentOperator operators) {
        this.runs = runs;
        this.feed = feed;
        this.operators = operators;
        addClassName("run-page");
        steps.addClassName("run-steps");
        standing.addClassName("stack");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        removeAll();
        RunId asked =
                event.getRouteParameters().get("run").flatMap(RunView::parse).orElse(null);
        RunDetails found = asked == null ? null : runs.find(asked).orElse(null);
        if (asked == null || found == null) {
            add(
                    header,
                    new EmptyState(
                            "There is no such run",
                            "It may have been removed when its retention ended.",
                            new Anchor(RunRoutes.RUNS, "All runs")));
            return;
        }
        id = asked;
        title = "Run " + asked + ": " + found.summary().title();
        found.outline().steps().forEach(step -> {
            StepRow row = new StepRow(step);
            rows.add(row);
            steps.add(row);
        });
        RunLog lines = new RunLog(runs, asked);
        log = lines;
        add(header, standing, new Section("Steps", steps), lines, values(asked), evidence(asked));
        Live.follow(this, listener -> feed.on(asked, listener), this::refresh);
    }

    private static Optional<RunId> parse(String text) {
        try {
            return Optional.of(RunId.parse(text));
        } catch (IllegalArgumentException noNumber) {
            return Optional.empty();
        }
    }

    private void refresh() {
        if (id == null || log == null) {
            return;
        }
        RunDetails run = runs.get(id);
        for (RunStep step : run.steps()) {
            rows.get(step.number() - 1).show(step);
        }
        log.refresh();
        if (!run.summary().equals(shown)) {
            shown = run.summary();
            head(run);
            stand(run);
        }
    }

    private void head(RunDetails run) {
        RunSummary summary = run.summary();
        header.title(summary.title());
        List<Component> parts = new ArrayList<>(
                List.of(RunBadges.of(summary.state()), new ElapsedLabel(summary.createdAt(), summary.finishedAt())));
        String expected = new RunTexts(run).expected();
        if (!expected.isEmpty() && !summary.state().finished()) {
            parts.add(faint(expected));
        }
        parts.add(new Span("by " + summary.operator()));
        parts.add(new TimeLabel(summary.createdAt()));
        parts.add(faint("run " + summary.id() + " · " + summary.target()));
        if (!summary.reason().isBlank()) {
            parts.add(faint("“" + summary.reason() + "”"));
        }
        header.subtitle(parts.toArray(Component[]::new));
        header.actions(actions(run));
    }

    private Component[] actions(RunDetails run) {
        RunId run_ = run.summary().id();
        List<Component> actions = new ArrayList<>();
        RunTexts texts = new RunTexts(run);
        if (run.summary().state().allows().contains(RunAction.CANCEL)) {
            actions.add(button(
                    run, RunAction.CANCEL, "Cancel…", "Cancel this run", texts.cancelConsequence(), "Stop the run"));
        }
        if (run.summary().state() == RunState.DONE) {
            actions.add(button(
                    run, RunAction.UNDO, "Undo…", "Undo this run", texts.undoConsequence(), "Undo what this run did"));
        }
        actions.add(new DownloadButton(
                "Report",
                "run-" + run_ + ".md",
                "text/markdown",
                () -> RunReport.markdown(runs.get(run_), runs.evidence(run_))));
        actions.add(new DownloadButton("Script", "run-" + run_ + ".sh", "text/x-shellscript", () -> {
            RunDetails now = runs.get(run_);
            return RunScript.of(now.outline(), now.bindings());
        }));
        return actions.toArray(Component[]::new);
    }

    /** The card under the title: what a person is asked, or how it ended. */
    private void stand(RunDetails run) {
        standing.removeAll();
        RunTexts texts = new RunTexts(run);
        String message = run.summary().message();
        switch (run.summary().state()) {
            case NEEDS_APPROVAL ->
                standing.add(new Notice(Verdict.Level.ATTENTION, "A person must approve the next step", message)
                        .actions(
                                button(
                                        run,
                                        RunAction.APPROVE,
                                        "Approve…",
                                        "Approve the next step",
                                        message,
                                        "Approve and go on"),
                                button(
                                        run,
                                        RunAction.CANCEL,
                                        "Do not approve…",
                                        "Stop this run",
                                        texts.cancelConsequence(),
                                        "Stop the run")));
            case STOPPED ->
                standing.add(new Notice(Verdict.Level.CRITICAL, "The run has stopped", message)
                        .actions(
                                button(
                                        run,
                                        RunAction.RETRY,
                                        "Retry from here…",
                                        "Retry from here",
                                        texts.retryConsequence(),
                                        "Retry"),
                                button(
                                        run,
                                        RunAction.UNDO,
                                        "Undo…",
                                        "Undo this run",
                                        texts.undoConsequence(),
                                        "Undo what was done"),
                                button(
                                        run,
                                        RunAction.LEAVE,
                                        "Leave as it is…",
                                        "Leave it as it is",
                                        texts.leaveConsequence(),
                                        "Leave as it is")));
            case UNDO_STOPPED ->
                standing.add(new Notice(Verdict.Level.CRITICAL, "The undo has stopped", message)
                        .actions(
                                button(
                                        run,
                                        RunAction.UNDO,
                                        "Go on undoing…",
                                        "Go on undoing",
                                        texts.undoConsequence(),
                                        "Go on undoing"),
                                button(
                                        run,
                                        RunAction.LEAVE,
                                        "Leave as it is…",
                                        "Leave it as it is",
                                        texts.leaveConsequence(),
                                        "Leave as it is")));
            case DONE -> standing.add(proof(texts));
            case UNDONE ->
                standing.add(new Notice(
                        Verdict.Level.OFF,
                        "Undone",
                        message.isBlank() ? "Everything that this run did has been put back." : message));
            case LEFT -> standing.add(new Notice(Verdict.Level.OFF, "Left as it is", message));
            case RUNNING, UNDOING -> {
                if (!message.isBlank()) {
                    standing.add(faint(message));
                }
            }
        }
    }

    private Component proof(RunTexts texts) {
        Div card = new Div();
        card.addClassNames("card", "proof");
        Span head = new Span("Done and proved");
        head.addClassName("strong");
        card.add(head, new Paragraph(texts.changed()));
        Facts facts = new Facts();
        texts.proofs().forEach(step -> facts.fact(step.title(), step.note()));
        card.add(facts);
        return card;
    }

    private Component button(
            RunDetails run, RunAction action, String caption, String question, String consequence, String verb) {
        RunId asked = run.summary().id();
        Button button = new Button(
                caption, _ -> new ConfirmAction(question, consequence, verb, () -> ask(asked, action)).open());
        button.addThemeVariants(ButtonVariant.LUMO_SMALL);
        if (action == RunAction.APPROVE || action == RunAction.RETRY) {
            button.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        }
        boolean mayAct = operators.find().map(o -> o.may(Role.OPERATOR)).orElse(false);
        String refusal =
                !mayAct ? "This needs the role operator." : run.refusals().get(action);
        if (refusal != null) {
            button.setEnabled(false);
            button.setTooltipText(refusal);
        }
        return button;
    }

    private void ask(RunId run, RunAction action) {
        switch (runs.ask(run, action, operators.require(Role.OPERATOR), "")) {
            case Runs.Asked.Accepted _ -> refresh();
            case Runs.Asked.Refused(String reason) ->
                Notification.show(reason, 8000, Notification.Position.BOTTOM_START);
        }
    }

    private Component values(RunId run) {
        Div body = new Div();
        NativeDetails details = new NativeDetails("Values that were born during the run", body);
        details.addToggleListener(toggle -> {
            body.removeAll();
            if (toggle.isOpened()) {
                Facts facts = new Facts();
                runs.get(run).bindings().forEach((name, value) -> facts.code("{" + name + "}", value));
                body.add(facts);
            }
        });
        return details;
    }

    private Component evidence(RunId run) {
        Div body = new Div();
        NativeDetails details = new NativeDetails("Evidence: every command with its answer", body);
        details.addToggleListener(toggle -> {
            body.removeAll();
            if (toggle.isOpened()) {
                body.add(new EvidenceList(runs.evidence(run)));
            }
        });
        return details;
    }

    private static Span faint(String text) {
        Span span = new Span(text);
        span.addClassName("faint");
        return span;
    }

    @Override
    public String getPageTitle() {
        return title + " · Rackhouse";
    }
}
