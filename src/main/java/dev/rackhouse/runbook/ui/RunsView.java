package dev.rackhouse.runbook.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.datepicker.DatePicker;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.provider.CallbackDataProvider;
import com.vaadin.flow.data.provider.DataProvider;
import com.vaadin.flow.data.renderer.ComponentRenderer;
import com.vaadin.flow.data.value.ValueChangeMode;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.base.ui.ElapsedLabel;
import dev.rackhouse.base.ui.EmptyState;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.TimeLabel;
import dev.rackhouse.runbook.RunFeed;
import dev.rackhouse.runbook.RunFilter;
import dev.rackhouse.runbook.RunRoutes;
import dev.rackhouse.runbook.RunState;
import dev.rackhouse.runbook.RunSummary;
import dev.rackhouse.runbook.Runbook;
import dev.rackhouse.runbook.RunbookShelf;
import dev.rackhouse.runbook.Runs;
import jakarta.annotation.security.PermitAll;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All runs, newest first: filtered by the database, a page at a time, live. */
@Route(RunRoutes.RUNS)
@PageTitle("Runs · Rackhouse")
@PermitAll
class RunsView extends Page {

    /** One entry of a filter. */
    private record Choice<V>(@Nullable V value, String word) {}

    private final Runs runs;
    private final TextField text = new TextField();
    private final TextField operator = new TextField();
    private final TextField target = new TextField();
    private final Select<Choice<Set<RunState>>> states = new Select<>();
    private final Select<Choice<String>> runbook = new Select<>();
    private final DatePicker from = new DatePicker();
    private final DatePicker to = new DatePicker();
    private final Span count = new Span();
    private final Div body = new Div();
    private final CallbackDataProvider<RunSummary, Void> rows;

    RunsView(Runs runs, RunFeed feed, RunbookShelf shelf) {
        this.runs = runs;
        this.rows = DataProvider.fromCallbacks(
                query -> runs.list(filter(), query.getOffset(), query.getLimit()).stream(), _ -> runs.count(filter()));
        addClassName("runs-page");
        body.addClassName("stack");
        add(
                new PageHeader("Runs").subtitle("Everything the console has done, with its evidence"),
                filters(shelf),
                body);
        Live.follow(this, feed::onAny, this::refresh);
    }

    private Component filters(RunbookShelf shelf) {
        field(text, "Title, target, reason, number");
        field(operator, "Operator");
        field(target, "Target");
        choices(
                states,
                "State",
                List.of(
                        new Choice<>(Set.of(), "Any state"),
                        new Choice<>(RunFilter.open().states(), "Not ended"),
                        new Choice<>(
                                Set.of(RunState.STOPPED, RunState.UNDO_STOPPED, RunState.NEEDS_APPROVAL),
                                "Needs a person"),
                        new Choice<>(Set.of(RunState.DONE), "Done"),
                        new Choice<>(Set.of(RunState.UNDONE), "Undone"),
                        new Choice<>(Set.of(RunState.LEFT), "Left as it is")));
        List<Choice<String>> runbooks = new ArrayList<>();
        runbooks.add(new Choice<>(null, "Any runbook"));
        for (Runbook<?> known : shelf.list()) {
            runbooks.add(new Choice<>(known.name(), known.title()));
        }
        choices(runbook, "Runbook", runbooks);
        date(from, "From");
        date(to, "To");
        count.addClassNames("muted", "small");
        Div row = new Div(text, states, runbook, operator, target, from, to, count);
        row.addClassNames("row", "filters");
        return row;
    }

    private void field(TextField field, String hint) {
        field.setPlaceholder(hint);
        field.setAriaLabel(hint);
        field.setClearButtonVisible(true);
        field.setMaxLength(100);
        field.setValueChangeMode(ValueChangeMode.LAZY);
        field.addValueChangeListener(_ -> refresh());
    }

    private void date(DatePicker picker, String hint) {
        picker.setPlaceholder(hint);
        picker.setAriaLabel(hint);
        picker.setClearButtonVisible(true);
        picker.addValueChangeListener(_ -> refresh());
    }

    private <V> void choices(Select<Choice<V>> select, String label, List<Choice<V>> choices) {
        select.setAriaLabel(label);
        select.setItemLabelGenerator(Choice::word);
        select.setItems(choices);
        select.setValue(choices.getFirst());
        select.addValueChangeListener(_ -> refresh());
    }

    private RunFilter filter() {
        Set<RunState> wanted = states.getValue().value();
        return new RunFilter(
                wanted == null ? Set.of() : wanted,
                runbook.getValue().value(),
                blankIsAny(operator.getValue()),
                blankIsAny(target.getValue()),
                blankIsAny(text.getValue()),
                start(from.getValue()),
                to.getValue() == null ? null : start(to.getValue().plusDays(1)));
    }

    private static @Nullable String blankIsAny(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static @Nullable Instant start(@Nullable LocalDate day) {
        return day == null ? null : day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private void refresh() {
        int found = runs.count(filter());
        count.setText(found + (found == 1 ? " run" : " runs"));
        if (found == 0) {
            body.removeAll();
            body.add(
                    filter().equals(RunFilter.all())
                            ? new EmptyState(
                                    "Nothing has been done yet",
                                    "Runs begin where things are: start a guest, or create a passthrough VM from a device.")
                            : new EmptyState("No run fits the filter", "Take something out of it."));
        } else if (body.getChildren().noneMatch(Grid.class::isInstance)) {
            body.removeAll();
            body.add(grid());
        } else {
            rows.refreshAll();
        }
    }

    private Grid<RunSummary> grid() {
        Grid<RunSummary> grid = new Grid<>();
        grid.addClassName("runs-grid");
        grid.addThemeVariants(GridVariant.LUMO_NO_BORDER, GridVariant.LUMO_COMPACT);
        grid.setSelectionMode(Grid.SelectionMode.NONE);
        grid.setPageSize(40);
        grid.addColumn(new ComponentRenderer<>(RunsView::row)).setFlexGrow(1);
        grid.setDataProvider(rows);
        return grid;
    }

    /** A line on a desk, a card on a phone: laid out by the style sheet. */
    private static Component row(RunSummary run) {
        Span number = new Span(run.id().toString());
        number.addClassNames("figure", "faint");
        var link = new com.vaadin.flow.component.html.Anchor(RunRoutes.run(run.id()), run.title());
        link.addClassNames("strong", "clip");
        Span target = new Span(run.target());
        target.addClassNames("clip", "small", "muted");
        Span message = new Span(run.message());
        message.addClassNames("clip", "small", "faint");
        Span progress = new Span(run.state().finished() ? "" : run.stepsDone() + " of " + run.steps());
        progress.addClassNames("figure", "small");
        Span operator = new Span(run.operator());
        operator.addClassNames("clip", "small");
        TimeLabel when = new TimeLabel(run.createdAt());
        when.addClassName("small");
        ElapsedLabel took = new ElapsedLabel(run.createdAt(), run.finishedAt());
        took.addClassName("small");
        Div row = new Div(RunBadges.of(run.state()), number, link, target, message, progress, operator, when, took);
        row.addClassName("run-line");
        return row;
    }
}
