package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.Figure;
import dev.rackhouse.inference.GpuReading;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What one card does now, as a row of figures: how busy, how many watts of how many, how warm. */
class CardFigures extends Div {

    private final Slot busy = new Slot();
    private final Slot power = new Slot();
    private final Slot chip = new Slot();

    CardFigures() {
        addClassName("card-figures");
        add(named("busy", busy), named("power", power), named("chip", chip));
    }

    void show(GpuReading card) {
        Double share = card.busy();
        figure(busy, share == null ? null : Math.round(share * 100) + "", "%");
        Double watts = card.watts();
        Double limit = card.limitWatts();
        figure(
                power,
                watts == null
                        ? null
                        : String.format(Locale.ROOT, "%.0f", watts)
                                + (limit == null ? "" : String.format(Locale.ROOT, " / %.0f", limit)),
                "W");
        Double celsius = card.celsius();
        figure(chip, celsius == null ? null : Math.round(celsius) + "", "°C");
    }

    private static void figure(Slot slot, @Nullable String value, String unit) {
        slot.show(
                value == null ? "" : value,
                () -> value == null ? new Span(LiveWords.UNKNOWN) : new Figure(value, unit));
    }

    private static Div named(String name, Slot value) {
        Span label = new Span(name);
        label.addClassNames("faint", "small");
        Div cell = new Div(label, value);
        cell.addClassName("card-figure");
        return cell;
    }
}
