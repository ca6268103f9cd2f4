package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.passthrough.Finding;
import java.util.List;
import java.util.Optional;

/** What resolves a finding with a press of a button. Contributed as a bean, also by modules above this one. */
@FunctionalInterface
public interface FindingHelp {

    /** A new button; empty when no button can help. */
    Optional<Component> create(NodeRef node, Finding finding);

    /** All that several of them offer, in one row. */
    static FindingHelp all(List<FindingHelp> helps) {
        return (node, finding) -> {
            List<Component> offered = helps.stream()
                    .flatMap(h -> h.create(node, finding).stream())
                    .toList();
            if (offered.size() < 2) {
                return offered.stream().findFirst();
            }
            Div row = new Div(offered.toArray(Component[]::new));
            row.addClassName("row");
            return Optional.of(row);
        };
    }
}
