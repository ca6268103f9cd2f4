package dev.rackhouse.base.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.Verdict;

/** Something the reader should know, in its place on the page: how bad it is, a sentence, what to do. */
public class Notice extends Div {

    private final Div body = new Div();

    public Notice(Verdict.Level level, String title, String text) {
        addClassNames("notice", level.word());
        body.addClassName("body");
        Span heading = new Span(title);
        heading.addClassName("strong");
        body.add(heading);
        if (!text.isBlank()) {
            body.add(new Span(text));
        }
        add(StatusBadge.of(level.word(), level.word()).iconOnly(), body);
        getElement().setAttribute("role", level == Verdict.Level.CRITICAL ? "alert" : "status");
    }

    /** Adds what the reader can press. */
    public Notice actions(Component... buttons) {
        Div row = new Div(buttons);
        row.addClassName("notice-actions");
        body.add(row);
        return this;
    }
}
