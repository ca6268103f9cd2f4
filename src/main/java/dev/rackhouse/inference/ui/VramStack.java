package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.ui.VramBar.Part;
import java.util.Locale;
import java.util.stream.Collectors;

/** One card's memory as a stacked bar: who takes how much, and what stays free. */
class VramStack extends Div {

    VramStack(VramBar bar) {
        addClassName("vram");
        Span label = new Span(bar.label());
        label.addClassNames("vram-label", "clip");
        label.setTitle(bar.label());
        Span stack = new Span();
        stack.addClassNames("vram-stack");
        for (Part part : bar.parts()) {
            Span piece = new Span();
            piece.addClassNames("vram-part", part.kind().name().toLowerCase(Locale.ROOT));
            piece.getStyle().setWidth(percent(part.size(), bar.usable()));
            piece.setTitle(part.name() + " " + part.size());
            stack.add(piece);
        }
        String figure = bar.taken().figure() + " / " + bar.usable();
        stack.getElement().setAttribute("role", "img");
        stack.getElement()
                .setAttribute(
                        "aria-label",
                        bar.label() + ": " + figure + ": "
                                + bar.parts().stream()
                                        .map(p -> p.name() + " " + p.size())
                                        .collect(Collectors.joining(", ")));
        Span number = new Span(figure);
        number.addClassNames("figure", "small");
        if (bar.over()) {
            addClassName("over");
            number.setText(figure + ", too much");
        }
        add(label, stack, number);
    }

    private static String percent(ByteSize part, ByteSize all) {
        return String.format(
                Locale.ROOT, "%.2f%%", Math.clamp(100.0 * part.bytes() / Math.max(1, all.bytes()), 0, 100));
    }

    /** What the colours of the parts mean. */
    static Div legend() {
        Div legend = new Div();
        legend.addClassNames("row", "small", "faint");
        for (VramBar.Kind kind : VramBar.Kind.values()) {
            Span mark = new Span();
            mark.addClassNames("vram-mark", kind.name().toLowerCase(Locale.ROOT));
            Span entry = new Span(mark, new Span(kind.word()));
            entry.addClassName("vram-entry");
            legend.add(entry);
        }
        return legend;
    }
}
