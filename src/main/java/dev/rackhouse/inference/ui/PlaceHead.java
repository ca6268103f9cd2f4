package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.AgeLabel;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inference.live.PlaceNow;
import java.time.Instant;
import java.util.Optional;

/** Beside the name of a place: when it was looked at, or why it could not be. */
class PlaceHead extends Div {

    private final AgeLabel age = new AgeLabel(Instant.EPOCH);
    private final Slot trouble = new Slot("small", "wrap-anywhere");

    PlaceHead() {
        addClassName("place-head");
        add(age, trouble);
        age.setVisible(false);
    }

    void show(Optional<PlaceNow> place) {
        boolean seen = place.map(PlaceNow::seen).isPresent();
        age.setVisible(seen);
        place.map(PlaceNow::seen).ifPresent(age::show);
        String why = place.map(PlaceNow::trouble).orElse("Nobody has looked yet.");
        trouble.setVisible(!why.isEmpty());
        if (!why.isEmpty()) {
            trouble.show(seen + why, () -> {
                String level = seen ? "stale" : "unknown";
                Div line = new Div(StatusBadge.of(level, level).iconOnly(), new Span(why));
                line.addClassNames("card-trouble", "muted");
                return line;
            });
        }
    }
}
