package dev.rackhouse.base.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;

/** A heading and what belongs to it. */
public class Section extends com.vaadin.flow.component.html.Section {

    private final Div head = new Div();

    public Section(String title, Component... content) {
        addClassName("section");
        head.addClassName("section-head");
        head.add(new H2(title));
        add(head);
        add(content);
    }

    /** Adds something beside the heading: an age, a count, a link. */
    public Section beside(Component... parts) {
        head.add(parts);
        return this;
    }
}
