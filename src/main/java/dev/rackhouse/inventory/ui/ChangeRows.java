package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.html.Div;
import dev.rackhouse.base.ui.AgeLabel;
import dev.rackhouse.inventory.ChangeView;
import dev.rackhouse.inventory.InventoryLinks;
import java.util.List;

/** Some changes below each other. */
final class ChangeRows {

    private ChangeRows() {}

    static Div of(List<ChangeView> changes) {
        Div list = new Div();
        list.addClassNames("stack", "changes");
        if (changes.isEmpty()) {
            list.add(Shown.span("Nothing has changed since it was first seen.", "muted"));
        }
        changes.forEach(c -> {
            Div row = new Div(
                    Shown.link(InventoryLinks.of(c), c.title(), "strong", "clip"),
                    Shown.span(c.sentence(), "wrap-anywhere"),
                    new AgeLabel(c.seen()));
            row.addClassName("change");
            list.add(row);
        });
        return list;
    }
}
