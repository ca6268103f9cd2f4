package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.AttachEvent;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.ui.ErrorNotice;
import dev.rackhouse.base.ui.LineChart;
import dev.rackhouse.base.ui.LineChart.Point;
import dev.rackhouse.base.ui.LineChart.Series;
import dev.rackhouse.inventory.Inventory;
import dev.rackhouse.proxmox.PveNodes.Sample;
import dev.rackhouse.proxmox.PveNodes.Timeframe;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** CPU and memory of a node over time, as Proxmox keeps it; read in the background. Gaps are shown as gaps. */
class NodeHistory extends Div {

    private final Inventory inventory;
    private final NodeRef node;
    private final @Nullable ByteSize memory;
    private final LineChart cpu = new LineChart("CPU of the node over time", LineChart.Unit.FRACTION);
    private final LineChart used = new LineChart("Memory of the node over time", LineChart.Unit.BYTES);
    private final Div problem = new Div();
    private final Select<Timeframe> span = new Select<>();

    /** More points than a chart has pixels cost transfer and show nothing. */
    private static final int POINTS = 240;

    NodeHistory(Inventory inventory, NodeRef node, @Nullable ByteSize memory) {
        this.inventory = inventory;
        this.node = node;
        this.memory = memory;
        addClassName("node-history");
        span.setAriaLabel("Span of time");
        span.setItems(Timeframe.HOUR, Timeframe.DAY, Timeframe.WEEK, Timeframe.MONTH, Timeframe.YEAR);
        span.setItemLabelGenerator(t -> "Last " + t.name().toLowerCase(Locale.ROOT));
        span.setValue(Timeframe.HOUR);
        span.addValueChangeListener(change -> getUI().ifPresent(this::load));
        Div charts = new Div(titled("CPU", cpu), titled("Memory", used));
        charts.addClassName("columns");
        add(span, problem, charts);
    }

    private static Div titled(String title, LineChart chart) {
        Div box = new Div(Shown.span(title, "strong"), chart);
        box.addClassName("stack");
        return box;
    }

    @Override
    protected void onAttach(AttachEvent event) {
        super.onAttach(event);
        load(event.getUI());
    }

    /** Draws the last hour anew; longer spans move too slowly to be worth it. */
    void follow(UI ui) {
        if (span.getValue() == Timeframe.HOUR) {
            load(ui);
        }
    }

    /** Reads again; at most once a minute reaches Proxmox, however many look. */
    void load(UI ui) {
        Timeframe wanted = span.getValue();
        Thread.ofVirtual().name("node-history").start(() -> {
            try {
                List<Sample> samples = inventory.history(node, wanted);
                ui.access(() -> show(samples));
            } catch (RemoteFailure failure) {
                ui.access(() -> {
                    problem.removeAll();
                    problem.add(new ErrorNotice(failure));
                });
            }
        });
    }

    private void show(List<Sample> samples) {
        problem.removeAll();
        cpu.show(List.of(series("CPU", samples, "cpu"), series("waiting for disks", samples, "iowait")), 1.0);
        used.show(
                List.of(series("used", samples, "memused"), series("ZFS cache", samples, "arcsize")),
                memory == null ? null : (double) memory.bytes());
    }

    private static Series series(String name, List<Sample> samples, String value) {
        int step = Math.max(1, Math.ceilDiv(samples.size(), POINTS));
        var points = new ArrayList<Point>();
        for (int i = 0; i < samples.size(); i += step) {
            List<Sample> together = samples.subList(i, Math.min(i + step, samples.size()));
            OptionalDouble mean = together.stream()
                    .flatMapToDouble(s -> s.value(value).stream())
                    .average();
            points.add(new Point(together.getFirst().at(), mean.isPresent() ? (Double) mean.getAsDouble() : null));
        }
        return new Series(name, points);
    }
}
