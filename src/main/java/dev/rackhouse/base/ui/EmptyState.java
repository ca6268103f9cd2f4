package dev.rackhouse.base.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Paragraph;

/** Says why there is nothing here and what to do next. */
public class EmptyState extends Div {

    public EmptyState(String why, String next, Component... actions) {
        addClassName("empty");
        add(new H3(why), new Paragraph(next));
        add(actions);
    }
}
