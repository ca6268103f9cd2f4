package dev.rackhouse.database.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.NativeTable;
import com.vaadin.flow.component.html.NativeTableCell;
import com.vaadin.flow.component.html.NativeTableHeaderCell;
import com.vaadin.flow.component.html.NativeTableRow;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.notification.Notification;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.access.Role;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.base.ui.TimeLabel;
import dev.rackhouse.database.Retention;
import jakarta.annotation.security.RolesAllowed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How long records are kept, and how to change it. */
@Route(SettingsView.ROUTE)
@PageTitle("Settings · Rackhouse")
@RolesAllowed(Role.ADMINS)
class SettingsView extends Page {

    private static final List<String> TITLES = List.of("Records", "Oldest", "Last dropped", "Kept for");

    static final String ROUTE = "settings";

    private final Retention retention;
    private final Div kinds = new Div();

    SettingsView(Retention retention) {
        this.retention = retention;
        Paragraph hint = new Paragraph(
                "Older records are dropped once a day, at 03:17 UTC. The audit stays checkable: the chain keeps the hash of the last entry that was dropped.");
        hint.addClassName("muted");
        add(new PageHeader("Settings"), new Section("What is kept for how long", hint, kinds));
        show();
    }

    private void show() {
        NativeTable table = new NativeTable();
        table.addClassNames("table", "stacked-table");
        NativeTableRow head = new NativeTableRow();
        for (String title : TITLES) {
            head.add(new NativeTableHeaderCell(title));
        }
        table.getHead().add(head);
        for (Retention.Kind kind : retention.list()) {
            NativeTableRow row = new NativeTableRow();
            row.add(
                    new NativeTableCell(kind.title()),
                    new NativeTableCell(time(kind.oldest(), "none yet")),
                    new NativeTableCell(dropped(kind)),
                    new NativeTableCell(editor(kind)));
            for (int i = 1; i < TITLES.size(); i++) {
                row.getCell(i).orElseThrow().getElement().setAttribute("data-label", TITLES.get(i));
            }
            table.getBody().add(row);
        }
        kinds.removeAll();
        kinds.add(table);
    }

    private Component editor(Retention.Kind kind) {
        IntegerField days = new IntegerField();
        days.setAriaLabel("Days to keep: " + kind.title());
        days.setMin(1);
        days.setMax(36_500);
        days.setStepButtonsVisible(true);
        days.setValue(kind.keptDays());
        days.setSuffixComponent(new Span("days"));
        days.setI18n(new IntegerField.IntegerFieldI18n()
                .setMinErrorMessage("At least one day")
                .setMaxErrorMessage("At most 36,500 days")
                .setBadInputErrorMessage("A whole number of days"));
        Button keep = new Button("Keep " + kind.keptDays() + " days");
        keep.addThemeVariants(ButtonVariant.LUMO_SMALL);
        keep.setEnabled(false);
        days.addValueChangeListener(change -> {
            Integer wanted = change.getValue();
            boolean usable = wanted != null && wanted >= 1 && wanted <= 36_500 && wanted != kind.keptDays();
            keep.setEnabled(usable);
            keep.setText(usable ? "Keep " + wanted + " days" : "Keep " + kind.keptDays() + " days");
        });
        keep.addClickListener(click -> {
            retention.keep(kind.key(), days.getValue());
            Notification.show(kind.title() + ": kept for " + days.getValue() + " days");
            show();
        });
        Div row = new Div(days, keep);
        row.addClassName("row");
        return row;
    }

    private static Component dropped(Retention.Kind kind) {
        if (kind.purgedAt() == null) {
            return new Span("not yet");
        }
        Div line = new Div(time(kind.purgedAt(), ""), new Span(" · " + kind.purged() + " records"));
        line.addClassName("small");
        return line;
    }

    private static Component time(java.time.@Nullable Instant at, String otherwise) {
        return at == null ? new Span(otherwise) : new TimeLabel(at);
    }
}
