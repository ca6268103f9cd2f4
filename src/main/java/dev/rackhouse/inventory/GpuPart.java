package dev.rackhouse.inventory;

import com.vaadin.flow.component.Component;
import java.util.Optional;

/** A part of a GPU's card that another module contributes as a bean, such as what runs on it now. */
public interface GpuPart {

    /** Places from top to bottom, below who has the GPU. */
    int order();

    /** A new component for this GPU; empty: nothing to say. Called on the UI thread; must not ask a machine. */
    Optional<Component> create(GpuView gpu);
}
