package dev.rackhouse.base.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import org.jspecify.annotations.Nullable;

/** A quantity against its limit: a bar, a mark where it becomes serious, the figure as text beside it. */
public class QuantityBar extends Div {

    /**
     * @param share 0 to 1; less or more is drawn as the end
     * @param mark where to draw the limit mark, 0 to 1, or null
     * @param text the figure: {@code 212 / 350 W}
     * @param look one of normal, attention, critical
     */
    public QuantityBar(double share, @Nullable Double mark, String text, String look) {
        addClassName("quantity");
        Span bar = new Span();
        bar.addClassNames("bar", look);
        Span part = new Span();
        part.addClassName("part");
        part.getStyle().setWidth(percent(share));
        bar.add(part);
        if (mark != null) {
            Span line = new Span();
            line.addClassName("mark");
            line.getStyle().setLeft(percent(mark));
            bar.add(line);
        }
        bar.getElement().setAttribute("role", "img");
        bar.getElement().setAttribute("aria-label", text);
        Span figure = new Span(text);
        figure.addClassNames("figure", "small");
        add(bar, figure);
    }

    private static String percent(double share) {
        return "%.2f%%".formatted(Math.clamp(Double.isNaN(share) ? 0 : share, 0, 1) * 100);
    }
}
