package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.NativeTable;
import com.vaadin.flow.component.html.NativeTableCell;
import com.vaadin.flow.component.html.NativeTableRow;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.lab.LabTest;
import dev.rackhouse.lab.RackhouseRole;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What a test found: one fold per subject, open where something is missing, with lines to paste once per subject. */
class FindingsTable extends Div {

    FindingsTable(LabTest test) {
        addClassNames("stack", "lab-findings");
        test.subjects().forEach(subject -> add(subject(subject, test.of(subject))));
    }

    private static Details subject(String subject, List<LabTest.Finding> findings) {
        Verdict.Level worst = findings.stream()
                .map(LabTest.Finding::level)
                .max(Comparator.naturalOrder())
                .orElse(Verdict.Level.UNKNOWN);
        long well = findings.stream().filter(f -> f.level() == Verdict.Level.OK).count();
        Span title = new Span(subject);
        title.addClassName("strong");
        Span count = new Span(well + " of " + findings.size() + " work" + purpose(subject));
        count.addClassName("muted");
        Div head = new Div(StatusBadge.of(worst.word(), worst.word()).iconOnly(), title, count);
        head.addClassName("row");
        Div body = new Div(table(findings));
        body.addClassName("stack");
        findings.stream()
                .map(LabTest.Finding::remedy)
                .filter(remedy -> remedy.startsWith("pveum"))
                .distinct()
                .forEach(remedy -> body.add(new Commands(List.of(remedy.split("\n")))));
        Details details = new Details(head, body);
        details.setOpened(worst != Verdict.Level.OK && worst != Verdict.Level.OFF);
        return details;
    }

    private static String purpose(String subject) {
        return Arrays.stream(RackhouseRole.values())
                .filter(role -> role.roleId().equals(subject))
                .findFirst()
                .map(role -> " · " + role.purpose())
                .orElse("");
    }

    private static NativeTable table(List<LabTest.Finding> findings) {
        NativeTable table = new NativeTable();
        table.addClassName("table");
        for (LabTest.Finding finding : findings) {
            NativeTableRow row = new NativeTableRow();
            Span found = new Span(finding.found());
            found.addClassName("wrap-anywhere");
            Div said = new Div(found);
            if (!finding.remedy().isEmpty() && !finding.remedy().startsWith("pveum")) {
                Span remedy = new Span(" " + finding.remedy());
                remedy.addClassName("muted");
                said.add(remedy);
            }
            row.add(
                    new NativeTableCell(StatusBadge.of(
                                    finding.level().word(), finding.level().word())
                            .iconOnly()),
                    new NativeTableCell(finding.what()),
                    new NativeTableCell(said));
            table.getBody().add(row);
        }
        return table;
    }
}
