package dev.rackhouse.base.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.DescriptionList;
import com.vaadin.flow.component.html.Span;

/** Names and values below each other: the facts of one thing. */
public class Facts extends DescriptionList {

    public Facts() {
        addClassName("facts");
    }

    public Facts fact(String name, Component value) {
        add(new Term(name), new Description(value));
        return this;
    }

    public Facts fact(String name, String value) {
        return fact(name, new Span(value));
    }

    /** A value that is an address, an id or a command. */
    public Facts code(String name, String value) {
        Span span = new Span(value);
        span.addClassName("mono");
        return fact(name, span);
    }
}
