package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Span;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A place on a page whose content is made anew only when it stands differently: what is pushed to a viewer stays small. */
class Slot extends Span {

    private @Nullable String shown;

    Slot(String... classes) {
        addClassNames(classes);
    }

    /** @param standing all that the content shows */
    void show(String standing, Supplier<? extends Component> content) {
        if (!standing.equals(shown)) {
            shown = standing;
            removeAll();
            add(content.get());
        }
    }

    void text(String text) {
        show(text, () -> new Span(text));
    }
}
