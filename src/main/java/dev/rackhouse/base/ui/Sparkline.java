package dev.rackhouse.base.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.HasStyle;
import com.vaadin.flow.component.Tag;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A trend without axes. Say the last value as text beside it. An empty value is a gap. */
@Tag("rh-sparkline")
public class Sparkline extends Component implements HasStyle {

    public Sparkline(List<Optional<Double>> values) {
        show(values);
    }

    /** Draws these values instead. */
    public void show(List<Optional<Double>> values) {
        getElement()
                .setAttribute(
                        "values",
                        values.stream()
                                .map(v -> v.map(d -> String.format(Locale.ROOT, "%.4g", d))
                                        .orElse(""))
                                .collect(Collectors.joining(",")));
    }
}
