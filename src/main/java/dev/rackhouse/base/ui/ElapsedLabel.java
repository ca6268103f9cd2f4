package dev.rackhouse.base.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.HasStyle;
import com.vaadin.flow.component.Tag;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How long something took, or has been going on: ticks in the browser while no end is given. */
@Tag("rh-elapsed")
public class ElapsedLabel extends Component implements HasStyle {

    public ElapsedLabel(Instant since, @Nullable Instant until) {
        addClassName("figure");
        getElement().setAttribute("since", since.toString());
        if (until != null) {
            getElement().setAttribute("until", until.toString());
        }
    }
}
