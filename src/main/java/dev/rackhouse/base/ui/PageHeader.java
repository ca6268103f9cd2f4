package dev.rackhouse.base.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H1;
import com.vaadin.flow.component.html.Header;
import com.vaadin.flow.component.html.NativeDetails;
import com.vaadin.flow.component.html.Span;
import java.util.List;

/** Title, one line under it, and what can be done here. */
public class PageHeader extends Header {

    private static final int MOST = 4;

    private final H1 title = new H1();
    private final Div subtitle = new Div();
    private final Div actions = new Div();

    public PageHeader(String title) {
        addClassName("page-header");
        this.title.setText(title);
        subtitle.addClassNames("subtitle", "row");
        actions.addClassName("actions");
        Div titles = new Div(this.title, subtitle);
        titles.addClassName("titles");
        add(titles, actions);
        subtitle.setVisible(false);
    }

    /** Replaces the line under the title. */
    public PageHeader subtitle(Component... parts) {
        subtitle.removeAll();
        subtitle.add(parts);
        subtitle.setVisible(parts.length > 0);
        return this;
    }

    public PageHeader subtitle(String text) {
        return subtitle(new Span(text));
    }

    /** Replaces what can be done here, most likely first; what is more than {@value #MOST} goes behind "More". */
    public PageHeader actions(Component... buttons) {
        actions.removeAll();
        List<Component> all = List.of(buttons);
        if (all.size() <= MOST) {
            actions.add(all);
            return this;
        }
        Div rest = new Div();
        rest.add(all.subList(MOST - 1, all.size()));
        rest.addClassName("more-actions-list");
        NativeDetails more = new NativeDetails("More", rest);
        more.addClassName("more-actions");
        actions.add(all.subList(0, MOST - 1));
        actions.add(more);
        return this;
    }

    public void title(String text) {
        title.setText(text);
    }
}
