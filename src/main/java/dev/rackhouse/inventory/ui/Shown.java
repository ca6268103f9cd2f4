package dev.rackhouse.inventory.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.Glyph;
import dev.rackhouse.inventory.PciDeviceView;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How values are written on the inventory's pages. What is not known is a dash, never a zero. */
final class Shown {

    static final String UNKNOWN = "–";

    private Shown() {}

    static String text(@Nullable Object value) {
        return value == null || value.toString().isBlank() ? UNKNOWN : value.toString();
    }

    static String percent(@Nullable Double fraction) {
        return fraction == null ? UNKNOWN : String.format(Locale.ROOT, "%.0f %%", fraction * 100);
    }

    /** {@code 23.4 / 62.7 GiB}. */
    static String of(@Nullable ByteSize part, @Nullable ByteSize all) {
        if (all == null) {
            return text(part);
        }
        if (part == null) {
            return UNKNOWN + " / " + all;
        }
        return part.unit().equals(all.unit()) ? part.figure() + " / " + all : part + " / " + all;
    }

    static @Nullable Double share(@Nullable ByteSize part, @Nullable ByteSize all) {
        return part == null || all == null || all.bytes() == 0 ? null : (double) part.bytes() / all.bytes();
    }

    /** {@code 21 d 4 h}. */
    static String span(@Nullable Duration time) {
        if (time == null) {
            return UNKNOWN;
        }
        if (time.toMinutes() < 1) {
            return time.toSeconds() + " s";
        }
        if (time.toHours() < 1) {
            return time.toMinutes() + " min";
        }
        if (time.toDays() < 1) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toDays() + " d " + time.toHoursPart() + " h";
    }

    static String why(Verdict verdict) {
        return verdict.reasons().isEmpty()
                ? verdict.level().word()
                : verdict.reasons().stream().map(Verdict.Reason::sentence).collect(Collectors.joining("\n"));
    }

    static Span span(String text, String... classes) {
        Span span = new Span(text);
        span.addClassNames(classes);
        return span;
    }

    static Anchor link(String href, String text, String... classes) {
        Anchor link = new Anchor(href, text);
        link.addClassNames(classes);
        return link;
    }

    static Component chip(String text, String... classes) {
        Span chip = span(text, "chip");
        chip.addClassNames(classes);
        chip.setTitle(text);
        return chip;
    }

    static Glyph.Kind glyph(PciDeviceView.Kind kind) {
        return switch (kind) {
            case GPU -> Glyph.Kind.GPU;
            case DISK -> Glyph.Kind.DISK;
            case NET -> Glyph.Kind.NET;
            case USB -> Glyph.Kind.USB;
            case AUDIO -> Glyph.Kind.AUDIO;
            case BRIDGE -> Glyph.Kind.BRIDGE;
            case DEVICE -> Glyph.Kind.DEVICE;
        };
    }

    /** normal, attention, critical: how a bar looks that fills up. */
    static String look(@Nullable Double share, double attention, double critical) {
        return share == null || share < attention ? "normal" : share < critical ? "attention" : "critical";
    }
}
