package dev.rackhouse.access.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.datepicker.DatePicker;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.provider.CallbackDataProvider;
import com.vaadin.flow.data.provider.DataProvider;
import com.vaadin.flow.data.value.ValueChangeMode;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.server.streams.DownloadHandler;
import dev.rackhouse.access.AuditEntry;
import dev.rackhouse.access.AuditTrail;
import dev.rackhouse.access.AuditVerdict;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.base.ui.TimeLabel;
import jakarta.annotation.security.RolesAllowed;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Who did what: the list, narrowed by text and days, whether it is as it was written, and the same as a file. */
@Route(AccessRoutes.AUDIT)
@PageTitle("Audit · Rackhouse")
@RolesAllowed(Role.ADMINS)
class AuditView extends Page {

    private final AuditTrail trail;
    private final TextField text = new TextField("Text");
    private final DatePicker from = new DatePicker("From");
    private final DatePicker until = new DatePicker("Until");
    private final Div verdict = new Div();
    private final Span count = new Span();
    private final CallbackDataProvider<AuditEntry, Void> entries;

    AuditView(AuditTrail trail) {
        this.trail = trail;
        this.entries = DataProvider.fromCallbacks(
                query -> trail.find(filter(), query.getOffset(), query.getLimit()).stream(),
                query -> trail.count(filter()));
        Button check = new Button("Check the chain", click -> check());
        check.addThemeVariants(ButtonVariant.LUMO_SMALL);
        add(new PageHeader("Audit").subtitle(verdict).actions(check, export()), filters(), grid());
        check();
        refresh();
    }

    private Div filters() {
        text.setPlaceholder("name, act or target");
        text.setClearButtonVisible(true);
        text.setValueChangeMode(ValueChangeMode.LAZY);
        text.addValueChangeListener(change -> refresh());
        from.setClearButtonVisible(true);
        from.addValueChangeListener(change -> refresh());
        until.setClearButtonVisible(true);
        until.addValueChangeListener(change -> refresh());
        count.addClassNames("muted", "small");
        Div row = new Div(text, from, until, count);
        row.addClassNames("row", "audit-filters");
        return row;
    }

    private Grid<AuditEntry> grid() {
        Grid<AuditEntry> grid = new Grid<>();
        grid.addThemeVariants(GridVariant.LUMO_NO_BORDER, GridVariant.LUMO_COMPACT);
        grid.addClassName("audit-grid");
        grid.setSelectionMode(Grid.SelectionMode.NONE);
        grid.addComponentColumn(AuditView::line).setHeader("When, who, what");
        grid.setDataProvider(entries);
        return grid;
    }

    private static Div line(AuditEntry entry) {
        TimeLabel at = new TimeLabel(entry.at());
        at.addClassNames("small", "muted");
        Role role = entry.role();
        Span who = new Span(entry.who());
        who.addClassName("strong");
        who.setTitle(role == null ? "no role" : role.word());
        Span what = new Span(entry.target().isEmpty() ? entry.what() : entry.what() + ": " + entry.target());
        Span detail = new Span(entry.detail());
        detail.addClassNames("small", "muted", "wrap-anywhere");
        Div line = new Div(at, who, what, detail);
        line.addClassName("audit-entry");
        return line;
    }

    private Anchor export() {
        Anchor link = new Anchor(
                (DownloadHandler) event -> {
                    event.setFileName("rackhouse-audit.csv");
                    event.setContentType("text/csv; charset=utf-8");
                    AuditCsv.write(trail, filter(), event.getOutputStream());
                },
                "Export as CSV");
        link.addClassName("shell-button");
        return link;
    }

    private void check() {
        AuditVerdict found = trail.verify();
        verdict.removeAll();
        verdict.add(
                switch (found) {
                    case AuditVerdict.Intact intact -> StatusBadge.of("ok", "intact");
                    case AuditVerdict.Broken broken -> StatusBadge.of("critical", "tampered with");
                },
                new Span(" " + found.sentence()));
        if (found instanceof AuditVerdict.Intact(long checked, Instant pruned) && pruned != null) {
            verdict.add(new Span(" Older ones were dropped up to "), new TimeLabel(pruned), new Span("."));
        }
    }

    private void refresh() {
        int found = trail.count(filter());
        count.setText(found + (found == 1 ? " entry" : " entries"));
        entries.refreshAll();
    }

    private AuditTrail.Filter filter() {
        LocalDate last = until.getValue();
        return new AuditTrail.Filter(
                text.getValue(), start(from.getValue()), last == null ? null : start(last.plusDays(1)));
    }

    private static @Nullable Instant start(@Nullable LocalDate day) {
        return day == null ? null : day.atStartOfDay(ZoneId.systemDefault()).toInstant();
    }
}
