package dev.rackhouse.base.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.HasStyle;
import com.vaadin.flow.component.Tag;
import java.time.Instant;

/** A moment, in the zone of the person who looks; the exact one on hover. */
@Tag("rh-time")
public class TimeLabel extends Component implements HasStyle {

    public TimeLabel(Instant at) {
        getElement().setAttribute("at", at.toString());
    }
}
