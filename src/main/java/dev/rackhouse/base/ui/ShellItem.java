package dev.rackhouse.base.ui;

import com.vaadin.flow.component.Component;

/** Something at the right end of the bar: the runs that are under way, the person's menu. Modules contribute theirs as beans. */
public interface ShellItem {

    /** Places from left to right. */
    int order();

    /** A new component for one page; called on the UI thread. */
    Component create();
}
