package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.UnorderedList;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.inference.Placement;
import dev.rackhouse.inference.fit.Change;
import dev.rackhouse.inference.fit.Fit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How an answer of the fit looks: one badge, one bar a card, sentences. */
final class FitShown {

    private FitShown() {}

    static StatusBadge badge(Fit fit) {
        return switch (fit) {
            case Fit.Fits f when f.plan().tight() -> StatusBadge.of("attention", "fits, tight");
            case Fit.Fits f -> StatusBadge.of("ok", "fits");
            case Fit.FitsWithChanges f -> StatusBadge.of("attention", "fits with changes");
            case Fit.DoesNotFit f -> StatusBadge.of("critical", "does not fit");
        };
    }

    static StatusBadge badge(Optional<Fit> fit) {
        return fit.map(FitShown::badge).orElseGet(() -> StatusBadge.of("unknown", "not known"));
    }

    static StatusBadge badge(Placement.Level level) {
        String look = switch (level) {
            case NOW -> "ok";
            case WITH_CHANGES, IF_FREED -> "attention";
            case NO -> "off";
        };
        return StatusBadge.of(look, level.word());
    }

    static Div bars(Fit fit) {
        Div bars = new Div();
        bars.addClassName("stack");
        fit.shown().gpus().forEach(share -> bars.add(new VramStack(VramBar.of(share))));
        return bars;
    }

    static Component sentences(List<String> sentences) {
        UnorderedList list = new UnorderedList();
        list.addClassNames("small", "muted", "serving-reasons");
        sentences.forEach(s -> list.add(new ListItem(s)));
        return list;
    }

    /** Everything that the answer says, as sentences. */
    static List<String> words(Fit fit) {
        List<String> words = new ArrayList<>();
        switch (fit) {
            case Fit.Fits f -> {
                words.add(String.format(
                        Locale.ROOT,
                        "%.2f requests of %,d tokens at once; the cache holds %,d tokens.",
                        f.plan().concurrency(),
                        f.plan().contextTokens(),
                        f.plan().kvTokens()));
                words.addAll(f.notes());
            }
            case Fit.FitsWithChanges f -> {
                words.addAll(f.reasons());
                f.ways().forEach(w -> words.add("It fits with " + way(w) + "."));
            }
            case Fit.DoesNotFit f -> {
                words.addAll(f.reasons());
                f.remedies().forEach(r -> words.add("What would help: " + r.sentence() + "."));
            }
        }
        if (!fit.shown().note().isEmpty()) {
            words.add(fit.shown().note());
        }
        return words;
    }

    private static String way(Fit.Way way) {
        return way.changes().stream().map(Change::sentence).collect(Collectors.joining(" and "));
    }
}
