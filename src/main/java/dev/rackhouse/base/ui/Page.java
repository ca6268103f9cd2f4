package dev.rackhouse.base.ui;

import com.vaadin.flow.component.html.Div;

/** The body of a view: header first, then sections with the common distance. */
public class Page extends Div {

    public Page() {
        addClassName("page");
    }
}
