package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inference.deploy.Finding;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What was found, one line each: how much it weighs, the fact, what to do about it. */
final class FindingRows {

    private FindingRows() {}

    /** @param help what resolves a finding with a press; empty: nothing does */
    static Div of(List<Finding> findings, Function<Finding, Optional<Component>> help) {
        Div rows = new Div();
        rows.addClassName("stack");
        findings.forEach(finding -> rows.add(row(finding, help)));
        return rows;
    }

    private static Component row(Finding finding, Function<Finding, Optional<Component>> help) {
        Span sentence = new Span(finding.sentence());
        sentence.addClassName("wrap-anywhere");
        Div body = new Div(sentence);
        body.addClassName("stack");
        if (!finding.remedy().isEmpty()) {
            Span remedy = new Span(finding.remedy());
            remedy.addClassNames("small", "muted", "wrap-anywhere");
            body.add(remedy);
        }
        help.apply(finding).ifPresent(body::add);
        StatusBadge badge = switch (finding.weight()) {
            case BLOCKS -> StatusBadge.of("critical", "blocks");
            case WARNS -> StatusBadge.of("attention", "warning");
            case INFORMS -> StatusBadge.of("off", "note");
            case DONE -> StatusBadge.of("ok", "so already");
        };
        Div line = new Div(badge, body);
        line.addClassName("finding-row");
        return line;
    }
}
