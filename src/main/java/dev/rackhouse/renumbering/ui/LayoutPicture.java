package dev.rackhouse.renumbering.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.renumbering.Card;
import dev.rackhouse.renumbering.LayoutChange;
import dev.rackhouse.renumbering.LayoutChange.Match;
import dev.rackhouse.renumbering.LayoutChange.Twins;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where each device was, what became of it, and where it is: three columns, worst first. What stayed is only counted. */
final class LayoutPicture extends Composite<Div> {

    private final Map<PciSlot, PciSlot> choices;
    private final BiConsumer<PciSlot, @Nullable PciSlot> chosen;

    LayoutPicture(LayoutChange change, Map<PciSlot, PciSlot> choices, BiConsumer<PciSlot, @Nullable PciSlot> chosen) {
        this.choices = choices;
        this.chosen = chosen;
        Div body = getContent();
        body.addClassName("layout-change");
        change.ambiguous().stream()
                .filter(t -> t.before().getFirst().passable())
                .forEach(t -> t.before().forEach(c -> body.add(twin(c, t))));
        change.missing().stream()
                .filter(Card::passable)
                .forEach(c -> body.add(
                        row(place(c), StatusBadge.of("critical", "missing"), nowhere("not there any more"), "")));
        change.moved().stream()
                .filter(m -> m.now().passable())
                .forEach(m -> body.add(row(
                        place(m.before()),
                        StatusBadge.of("attention", "moved"),
                        place(m.now()),
                        m.basis().words())));
        change.regrouped().stream().filter(m -> m.now().passable()).forEach(m -> body.add(regrouped(m)));
        change.appeared().stream()
                .filter(Card::passable)
                .forEach(c -> body.add(row(nowhere("not there before"), StatusBadge.of("off", "new"), place(c), "")));
        long kept = change.kept().stream().filter(m -> m.now().passable()).count();
        Span rest = new Span(kept + (kept == 1 ? " device is" : " devices are") + " where "
                + (kept == 1 ? "it was." : "they were."));
        rest.addClassNames("small", "muted");
        body.add(rest);
    }

    private static Div row(Component before, StatusBadge badge, Component now, String basis) {
        Span how = new Span(basis);
        how.addClassNames("small", "muted");
        Div middle = new Div(badge, how);
        middle.addClassName("stack");
        Div row = new Div(before, middle, now);
        row.addClassName("layout-row");
        return row;
    }

    private static Div regrouped(Match match) {
        return row(
                place(match.before()),
                StatusBadge.of("attention", "group " + groups(match.before()) + " → " + groups(match.now())),
                place(match.now()),
                match.basis().words());
    }

    private static String groups(Card card) {
        return card.functions().stream()
                .map(f -> Objects.toString(f.group(), "none"))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private Div twin(Card card, Twins twins) {
        Select<Card> where = new Select<>();
        where.setAriaLabel("Where " + card.slot() + " is now");
        where.setPlaceholder("Which one is it?");
        where.setEmptySelectionAllowed(true);
        where.setEmptySelectionCaption("Not known");
        where.setItems(twins.now());
        where.setItemLabelGenerator(c -> c == null ? "Not known" : c.slot().toString());
        twins.now().stream()
                .filter(c -> c.slot().equals(choices.get(card.slot())))
                .findFirst()
                .ifPresent(where::setValue);
        where.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                chosen.accept(
                        card.slot(),
                        change.getValue() == null ? null : change.getValue().slot());
            }
        });
        return row(
                place(card),
                StatusBadge.of("unknown", "one of several equal ones"),
                where,
                "no serial number is known");
    }

    private static Div place(Card card) {
        Span label = new Span(card.label());
        label.addClassName("wrap-anywhere");
        Span address = new Span(card.slot() + " · " + card.first().ids());
        address.addClassNames("mono", "small", "muted", "wrap-anywhere");
        Div place = new Div(label, address);
        place.addClassName("stack");
        return place;
    }

    private static Span nowhere(String text) {
        Span span = new Span(text);
        span.addClassNames("small", "faint");
        return span;
    }
}
