package dev.rackhouse.base.ui;

import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ByteSize;

/** A number with its unit small and grey: {@code 23.4 GiB}. */
public class Figure extends Span {

    public Figure(String number, String unit) {
        addClassName("figure");
        Span grey = new Span(unit);
        grey.addClassName("unit");
        add(new Span(number), grey);
    }

    public Figure(ByteSize size) {
        this(size.figure(), size.unit());
    }
}
