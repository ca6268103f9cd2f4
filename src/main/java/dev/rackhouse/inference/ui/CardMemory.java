package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.ui.Figure;
import dev.rackhouse.inference.DeploymentId;
import dev.rackhouse.inference.GpuReading;
import dev.rackhouse.inference.fit.GpuNow.Holder;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who holds how much of one card's memory: a bar, and below it the names; what is not ours is hatched and named too. */
class CardMemory extends Div {

    private static final int NAMED = 6;

    CardMemory(GpuReading card) {
        addClassName("card-memory");
        ByteSize usable = card.usable();
        ByteSize free = card.free();
        if (usable == null || free == null) {
            Span unknown = new Span("It does not tell how its memory is used.");
            unknown.addClassNames("muted", "small");
            add(unknown);
            return;
        }
        ByteSize used = new ByteSize(Math.max(0, usable.bytes() - free.bytes()));
        List<Holder> holders = card.holders().stream()
                .sorted(Comparator.comparing(Holder::memory).reversed())
                .toList();
        Span stack = new Span();
        stack.addClassName("vram-stack");
        int number = 0;
        for (Holder holder : holders) {
            stack.add(part(look(holder, number++), holder.who(), holder.memory(), usable));
        }
        long unnamed = used.bytes()
                - holders.stream().mapToLong(h -> h.memory().bytes()).sum();
        ByteSize rest = new ByteSize(Math.max(0, unnamed));
        if (rest.inMiB() >= 64) {
            stack.add(part("rest", "not told by whom", rest, usable));
        }
        String figure = used.figure() + " / " + usable;
        stack.getElement().setAttribute("role", "img");
        stack.getElement()
                .setAttribute(
                        "aria-label",
                        figure + ": "
                                + holders.stream()
                                        .map(h -> h.who() + " " + h.memory())
                                        .collect(Collectors.joining(", ")));
        Div bar = new Div(stack, figure(used, usable));
        bar.addClassName("card-memory-bar");
        add(bar);
        int row = 0;
        for (Holder holder : holders.stream().limit(NAMED).toList()) {
            add(line(look(holder, row++), holder));
        }
        if (holders.size() > NAMED) {
            Span more = new Span("and " + (holders.size() - NAMED) + " smaller ones");
            more.addClassNames("small", "faint");
            add(more);
        }
        if (rest.inMiB() >= 64) {
            add(line("rest", new Holder("not told by whom", rest, false)));
        }
    }

    private static Span figure(ByteSize used, ByteSize usable) {
        Span figure = new Figure(used.figure() + " / " + usable.figure(), usable.unit());
        figure.addClassName("small");
        return figure;
    }

    /** Ours take the colours of series in turn; a foreign one never does. */
    private static String look(Holder holder, int number) {
        return holder.ours() ? "engine-" + (number % 4 + 1) : "others";
    }

    private static Span part(String look, String who, ByteSize size, ByteSize usable) {
        Span piece = new Span();
        piece.addClassNames("vram-part", look);
        piece.getStyle()
                .setWidth(String.format(
                        Locale.ROOT, "%.2f%%", Math.clamp(100.0 * size.bytes() / Math.max(1, usable.bytes()), 0, 100)));
        piece.setTitle(who + " " + size);
        return piece;
    }

    private static Div line(String look, Holder holder) {
        Span mark = new Span();
        mark.addClassNames("vram-mark", look);
        DeploymentId id = holder.ours() ? id(holder.who()) : null;
        Span size = new Figure(holder.memory());
        size.addClassName("small");
        Div line = new Div(
                mark, id == null ? name(holder.who()) : new Anchor(ServingRoutes.deployment(id), holder.who()), size);
        line.addClassName("card-holder");
        return line;
    }

    private static Span name(String who) {
        Span name = new Span(who);
        name.addClassNames("muted", "clip");
        name.setTitle(who);
        return name;
    }

    private static @Nullable DeploymentId id(String who) {
        try {
            return new DeploymentId(who);
        } catch (IllegalArgumentException noDeployment) {
            return null;
        }
    }
}
