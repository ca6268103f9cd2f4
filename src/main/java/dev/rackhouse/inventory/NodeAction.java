package dev.rackhouse.inventory;

import com.vaadin.flow.component.Component;
import java.util.Optional;

/** Something that can be done with a node; other modules contribute it as a bean. Shown on the node's page. */
public interface NodeAction {

    /** Places from left to right. */
    int order();

    /** A new button or link for this node, disabled with the reason where it cannot be done now; empty: does not concern it. */
    Optional<Component> create(NodeView node);
}
