package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.NativeButton;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.data.renderer.LitRenderer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A long list, a page at a time: one grid column whose cell is laid out by CSS, so that the same row is a line on a desk and a card
 * on a phone. The arrow keys move through it.
 */
class Listing<T> extends Grid<T> {

    private final List<Head> heads = new ArrayList<>();
    private final Div head = new Div();

    /** @param layout the class that says how a row is laid out */
    Listing(String layout, LitRenderer<T> renderer) {
        addClassNames("listing", layout);
        addThemeVariants(GridVariant.LUMO_NO_BORDER, GridVariant.LUMO_COMPACT);
        setSelectionMode(SelectionMode.NONE);
        head.addClassName("line");
        head.addClassName("line-head");
        addColumn(renderer).setHeader((Component) head).setFlexGrow(1);
        setPageSize(25);
    }

    private record Head(String key, NativeButton button) {}

    /** A heading that is only text. */
    Listing<T> heading(String text, String... classes) {
        Span span = Shown.span(text, classes);
        head.add(span);
        return this;
    }

    /** A heading that sorts. */
    Listing<T> sortable(String text, String key, BiConsumer<String, Boolean> sorted, String... classes) {
        NativeButton button = new NativeButton(text);
        button.addClassName("line-sort");
        button.addClassNames(classes);
        button.addClickListener(click -> {
            boolean descending = "ascending".equals(button.getElement().getAttribute("aria-sort"));
            mark(key, descending);
            sorted.accept(key, descending);
        });
        heads.add(new Head(key, button));
        head.add(button);
        return this;
    }

    /** Shows by what the list is sorted. */
    void mark(@Nullable String key, boolean descending) {
        heads.forEach(h -> {
            if (h.key().equals(key)) {
                h.button().getElement().setAttribute("aria-sort", descending ? "descending" : "ascending");
            } else {
                h.button().getElement().removeAttribute("aria-sort");
            }
        });
    }
}
