package dev.rackhouse.inventory;

import com.vaadin.flow.component.Component;
import java.util.Optional;

/** A part of a node's page that another module contributes as a bean, such as its recent runs. */
public interface NodeCard {

    /** Places from top to bottom, after the inventory's own. */
    int order();

    /** A new component for this node; empty: nothing to say. */
    Optional<Component> create(NodeView node);
}
