package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.passthrough.Finding;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Service;

/** All help for a finding together, whoever contributes it: what pages are given. */
@Service
@Primary
class EveryHelp implements FindingHelp {

    private final ObjectProvider<FindingHelp> contributed;

    EveryHelp(ObjectProvider<FindingHelp> contributed) {
        this.contributed = contributed;
    }

    @Override
    public Optional<Component> create(NodeRef node, Finding finding) {
        List<Component> buttons = contributed
                .orderedStream()
                .filter(help -> help != this)
                .flatMap(help -> help.create(node, finding).stream())
                .toList();
        return switch (buttons.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(buttons.getFirst());
            default -> {
                Div row = new Div(buttons.toArray(Component[]::new));
                row.addClassName("row");
                yield Optional.of(row);
            }
        };
    }
}
