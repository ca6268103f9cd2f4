package dev.rackhouse.base.ui;

import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.Verdict;
import java.util.stream.Collectors;

/** A verdict as hue, shape and word; the reasons on hover. The one place that knows how a status looks. */
public class StatusBadge extends Span {

    public StatusBadge(Verdict verdict) {
        this(verdict.level().word(), verdict.level().word());
        if (!verdict.reasons().isEmpty()) {
            setTitle(verdict.reasons().stream().map(Verdict.Reason::sentence).collect(Collectors.joining("\n")));
        }
    }

    private StatusBadge(String look, String word) {
        addClassNames("badge", look);
        Span text = new Span(word);
        text.addClassName("word");
        add(text);
    }

    /**
     * A state that is no verdict, with a look of one: a run that is under way, a step that waits.
     *
     * @param look one of ok, attention, critical, stale, off, unknown, running, waiting
     */
    public static StatusBadge of(String look, String word) {
        return new StatusBadge(look, word);
    }

    /** Only the shape; the word stays for screen readers and on hover. */
    public StatusBadge iconOnly() {
        addClassName("icon-only");
        if (getTitle().isEmpty()) {
            setTitle(getElement().getTextRecursively());
        }
        return this;
    }
}
