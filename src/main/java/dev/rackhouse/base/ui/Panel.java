package dev.rackhouse.base.ui;

import com.vaadin.flow.component.Component;

/** A self-sufficient part of a page that another module contributes as a bean, such as a card of the overview. */
public interface Panel {

    /** The page it belongs to: {@code overview}. */
    String page();

    /** Places from top to bottom. */
    int order();

    /** A new component for one page; called on the UI thread. */
    Component create();
}
