package dev.rackhouse.base.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.HasStyle;
import com.vaadin.flow.component.Tag;
import com.vaadin.flow.component.dependency.JavaScript;
import com.vaadin.flow.component.dependency.JsModule;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** History as lines against time: with unit, crosshair, and gaps shown as gaps. At most five series. */
@Tag("rh-line-chart")
@JavaScript("context://webjars/chart.js/4.5.1/dist/chart.umd.min.js")
@JsModule("context://ui/line-chart.js")
public class LineChart extends Component implements HasStyle {

    /** What the y axis counts. */
    public enum Unit {
        BYTES("bytes"),
        /** 0 to 1, shown as percent. */
        FRACTION("fraction"),
        CELSIUS("°C"),
        WATTS("W"),
        SECONDS("s"),
        TOKENS_PER_SECOND("tokens/s"),
        /** Whole things, without a unit. */
        COUNT("count");

        private final String code;

        Unit(String code) {
            this.code = code;
        }
    }

    /** One moment; no value is a gap. */
    public record Point(Instant at, @Nullable Double value) {}

    /** One line; points in the order of time. */
    public record Series(String name, List<Point> points) {
        public Series {
            points = List.copyOf(points);
        }
    }

    private final String label;
    private final Unit unit;

    /** @param label says what is drawn, for those who cannot see it */
    public LineChart(String label, Unit unit) {
        this.label = label;
        this.unit = unit;
    }

    /**
     * Draws these lines instead of what was there.
     *
     * @param limit the top of the y axis, such as the memory that is built in; null: what the data needs
     */
    public void show(List<Series> series, @Nullable Double limit) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("label", label);
        data.put("unit", unit.code);
        if (limit != null) {
            data.put("limit", limit);
        }
        ArrayNode lines = data.putArray("series");
        for (Series one : series) {
            ObjectNode line = lines.addObject();
            line.put("name", one.name());
            ArrayNode points = line.putArray("points");
            for (Point point : one.points()) {
                ObjectNode p = points.addObject();
                p.put("x", point.at().toEpochMilli());
                Double value = point.value();
                if (value == null) {
                    p.putNull("y");
                } else {
                    p.put("y", value);
                }
            }
        }
        getElement().callJsFunction("show", data);
    }
}
