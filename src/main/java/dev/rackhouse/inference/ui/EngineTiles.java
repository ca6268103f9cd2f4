package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.ui.Figure;
import dev.rackhouse.base.ui.QuantityBar;
import dev.rackhouse.inference.live.DeploymentNow;
import dev.rackhouse.inference.live.Figures;
import dev.rackhouse.inference.live.PlaceNow;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an engine does now, as large figures. */
class EngineTiles extends Div {

    private final Slot rate = new Slot();
    private final Slot running = new Slot();
    private final Slot waiting = new Slot();
    private final Slot cache = new Slot("tile-wide");
    private final Slot first = new Slot();
    private final Slot next = new Slot();
    private final Slot memory = new Slot();

    EngineTiles() {
        addClassName("tiles");
        add(
                tile("tokens a second", rate),
                tile("running", running),
                tile("waiting", waiting),
                tile("cache in use", cache),
                tile("first token, median", first),
                tile("between tokens, median", next),
                tile("memory on its GPUs", memory));
    }

    void show(DeploymentNow now, Optional<PlaceNow> place, Instant at) {
        setClassName("stale-facts", now.seen() != null && !now.fresh(at));
        Figures f = now.figures();
        text(rate, f == null ? LiveWords.UNKNOWN : LiveWords.rate(f.tokensPerSecond()));
        text(running, f == null ? LiveWords.UNKNOWN : "" + f.running());
        text(waiting, f == null ? LiveWords.UNKNOWN : "" + f.waiting());
        Double kv = f == null ? null : f.kvUse();
        cache.show(
                LiveWords.percent(kv),
                () -> kv == null
                        ? new Span(LiveWords.UNKNOWN)
                        : new QuantityBar(kv, 0.95, LiveWords.percent(kv), kv > 0.95 ? "attention" : "normal"));
        seconds(first, f == null ? null : f.latest().firstTokenP50());
        seconds(next, f == null ? null : f.latest().nextTokenP50());
        Optional<ByteSize> held = LiveWords.held(place, now.id());
        memory.show(
                held.toString(), () -> held.<Component>map(Figure::new).orElseGet(() -> new Span(LiveWords.UNKNOWN)));
    }

    private static void text(Slot slot, String text) {
        slot.text(text);
    }

    private static void seconds(Slot slot, @Nullable Double seconds) {
        slot.show(seconds + "", () -> LiveWords.seconds(seconds));
    }

    private static Div tile(String name, Slot value) {
        Span label = new Span(name);
        label.addClassNames("faint", "small");
        value.addClassName("tile-value");
        Div tile = new Div(label, value);
        tile.addClassName("tile");
        return tile;
    }
}
