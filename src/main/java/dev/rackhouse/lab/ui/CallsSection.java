package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.html.NativeTable;
import com.vaadin.flow.component.html.NativeTableCell;
import com.vaadin.flow.component.html.NativeTableHeaderCell;
import com.vaadin.flow.component.html.NativeTableRow;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.lab.CallBudget;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** How much the endpoint is asked, by what. */
class CallsSection extends Section {

    CallsSection(CallBudget budget) {
        super("Calls to Proxmox");
        Span sum = new Span(budget.lastMinute().calls() + " in the last minute, "
                + budget.lastHour().calls() + " in the last hour, " + budget.total() + " since the console started");
        sum.addClassName("muted");
        beside(sum);
        if (budget.lastHour().byPath().isEmpty()) {
            return;
        }
        NativeTable table = new NativeTable();
        table.addClassName("table");
        NativeTableRow head = new NativeTableRow();
        for (String title : List.of("Call", "Last minute", "Last hour")) {
            head.add(new NativeTableHeaderCell(title));
        }
        table.getHead().add(head);
        budget.lastHour().byPath().entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                .forEach(entry -> {
                    Span path = new Span(entry.getKey());
                    path.addClassNames("mono", "wrap-anywhere");
                    NativeTableRow row = new NativeTableRow();
                    row.add(
                            new NativeTableCell(path),
                            number(budget.lastMinute().byPath().getOrDefault(entry.getKey(), 0)),
                            number(entry.getValue()));
                    table.getBody().add(row);
                });
        add(table);
    }

    private static NativeTableCell number(int value) {
        NativeTableCell cell = new NativeTableCell(Integer.toString(value));
        cell.addClassName("number");
        return cell;
    }
}
