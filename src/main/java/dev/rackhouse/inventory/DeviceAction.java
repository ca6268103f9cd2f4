package dev.rackhouse.inventory;

import com.vaadin.flow.component.Component;
import java.util.Optional;

/** Something that can be done with a device; other modules contribute it as a bean. Shown beside its IOMMU group, and with a GPU. */
public interface DeviceAction {

    /** Places from left to right. */
    int order();

    /**
     * A new button or link for this device, disabled with the reason where it cannot be done now; empty: does not concern it. Must not
     * ask a machine.
     */
    Optional<Component> create(PciDeviceView device, IommuGroupView group);
}
