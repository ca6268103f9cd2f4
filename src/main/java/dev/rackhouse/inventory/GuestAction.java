package dev.rackhouse.inventory;

import com.vaadin.flow.component.Component;
import java.util.Optional;

/** Something that can be done with a guest; other modules contribute it as a bean. Shown in the list and on the guest's page. */
public interface GuestAction {

    /** Places from left to right. */
    int order();

    /**
     * A new button or link for this guest, disabled with the reason where it cannot be done now; empty: does not concern it. Called
     * for each row that is shown, so it must not ask a machine or the database.
     */
    Optional<Component> create(GuestView guest);
}
