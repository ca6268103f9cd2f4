package dev.rackhouse.base.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.HasStyle;
import com.vaadin.flow.component.Tag;
import dev.rackhouse.base.Seen;
import java.time.Instant;

/** How long ago something was seen, and where from: {@code 2 min ago · probe}. Ticks in the browser; the exact time on hover. */
@Tag("rh-age")
public class AgeLabel extends Component implements HasStyle {

    public AgeLabel(Seen seen) {
        this(seen.at());
        show(seen);
    }

    public AgeLabel(Instant at) {
        addClassNames("faint", "small");
        getElement().setAttribute("at", at.toString());
    }

    /** The same thing was seen again. */
    public void show(Seen seen) {
        getElement().setAttribute("at", seen.at().toString());
        getElement().setAttribute("source", seen.source());
    }
}
