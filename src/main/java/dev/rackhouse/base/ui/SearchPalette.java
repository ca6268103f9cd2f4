package dev.rackhouse.base.ui;

import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One place to find everything: Ctrl+K or a slash opens it, arrows move, Enter goes there. */
class SearchPalette extends Dialog {

    private static final int PER_SOURCE = 8;
    private static final int IN_ALL = 24;

    private final List<SearchSource> sources;
    private final Div hits = new Div();

    SearchPalette(List<SearchSource> sources) {
        this.sources = sources.stream()
                .sorted(Comparator.comparingInt(SearchSource::order))
                .toList();
        getElement().setAttribute("aria-label", "Search");
        TextField query = new TextField();
        query.setPlaceholder("Nodes, guests, GPUs, devices, runs, actions");
        query.setWidthFull();
        query.setMaxLength(120);
        query.setValueChangeMode(ValueChangeMode.LAZY);
        query.setValueChangeTimeout(150);
        query.addValueChangeListener(change -> show(change.getValue()));
        hits.addClassName("palette-hits");
        Div box = new Div(query, hits);
        box.addClassName("palette");
        add(box);
        addOpenedChangeListener(change -> {
            if (change.isOpened()) {
                query.focus();
            }
        });
        show("");
    }

    private void show(String query) {
        List<SearchHit> found = new ArrayList<>();
        for (SearchSource source : sources) {
            found.addAll(source.search(query.strip(), PER_SOURCE));
        }
        hits.removeAll();
        if (found.isEmpty()) {
            Span nothing =
                    new Span(query.isBlank() ? "Type a name, an address or an id." : "Nothing is called that here.");
            nothing.addClassName("muted");
            hits.add(nothing);
        }
        found.stream().limit(IN_ALL).forEach(hit -> hits.add(row(hit)));
    }

    private Anchor row(SearchHit hit) {
        Span title = new Span(hit.title());
        title.addClassName("clip");
        Span detail = new Span(hit.detail());
        detail.addClassNames("detail", "clip");
        Anchor anchor = new Anchor(hit.href(), new Glyph(hit.glyph()), title, detail);
        anchor.addClassName("palette-hit");
        anchor.getElement().addEventListener("click", click -> close());
        return anchor;
    }
}
