package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inference.PlaceRef;
import dev.rackhouse.inference.deploy.Finding;
import dev.rackhouse.inventory.InventoryLinks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was found, one line each: how much it weighs, the fact, what to do about it. */
final class FindingRows {

    private FindingRows() {}

    static Div of(List<Finding> findings, @Nullable PlaceRef place) {
        Div rows = new Div();
        rows.addClassName("stack");
        findings.forEach(finding -> rows.add(row(finding, place)));
        return rows;
    }

    private static Component row(Finding finding, @Nullable PlaceRef place) {
        Span sentence = new Span(finding.sentence());
        sentence.addClassName("wrap-anywhere");
        Div body = new Div(sentence);
        body.addClassName("stack");
        if (!finding.remedy().isEmpty()) {
            Span remedy = new Span(finding.remedy());
            remedy.addClassNames("small", "muted", "wrap-anywhere");
            body.add(remedy);
        }
        if (finding.fix() == Finding.Fix.PREPARE_GUEST && place instanceof PlaceRef.InGuest in) {
            body.add(new Anchor(InventoryLinks.guest(in.guest()), "Set up the GPU in this guest"));
        }
        StatusBadge badge = switch (finding.weight()) {
            case BLOCKS -> StatusBadge.of("critical", "blocks");
            case WARNS -> StatusBadge.of("attention", "warning");
            case INFORMS -> StatusBadge.of("off", "note");
            case DONE -> StatusBadge.of("ok", "so already");
        };
        Div line = new Div(badge, body);
        line.addClassName("row");
        return line;
    }
}
