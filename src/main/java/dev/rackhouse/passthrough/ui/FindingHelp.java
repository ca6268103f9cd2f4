package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.Component;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.passthrough.Finding;
import java.util.Optional;

/** What resolves a finding with a press of a button. Contributed as a bean, also by modules above this one. */
@FunctionalInterface
public interface FindingHelp {

    /** A new button; empty when no button can help. */
    Optional<Component> create(NodeRef node, Finding finding);
}
