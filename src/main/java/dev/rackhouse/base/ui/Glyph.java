package dev.rackhouse.base.ui;

import com.vaadin.flow.component.html.Span;
import java.util.Locale;

/** The picture of what a thing is. Takes the colour of the text around it; hidden from screen readers, the word stands beside it. */
public class Glyph extends Span {

    /** What there is a picture of. */
    public enum Kind {
        GPU,
        DISK,
        NET,
        USB,
        AUDIO,
        BRIDGE,
        DEVICE,
        NODE,
        VM,
        CONTAINER,
        RUN,
        SEARCH,
        MENU,
        THEME,
        LAB,
        ACTION
    }

    public Glyph(Kind kind) {
        addClassNames("glyph", "glyph-" + kind.name().toLowerCase(Locale.ROOT));
        getElement().setAttribute("aria-hidden", "true");
    }
}
