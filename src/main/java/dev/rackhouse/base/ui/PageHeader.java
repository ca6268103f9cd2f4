package dev.rackhouse.base.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H1;
import com.vaadin.flow.component.html.Header;
import com.vaadin.flow.component.html.NativeDetails;
import com.vaadin.flow.component.html.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Title, one line under it, and what can be done here. */
public class PageHeader extends Header {

    private static final int MOST = 4;

    private final H1 title = new H1();
    private final Div subtitle = new Div();
    private final Div actions = new Div();
    private @Nullable NativeDetails more;

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
            more = null;
            return this;
        }
        boolean open = moreOpen();
        Div rest = new Div();
        rest.add(all.subList(MOST - 1, all.size()));
        rest.addClassName("more-actions-list");
        NativeDetails menu = new NativeDetails("More", rest);
        menu.addClassName("more-actions");
        menu.setOpen(open);
        more = menu;
        actions.add(all.subList(0, MOST - 1));
        actions.add(menu);
        return this;
    }

    /** Takes over whether "More" stands open from the header that this one replaces, so that it does not close under somebody's hand. */
    public PageHeader after(@Nullable PageHeader before) {
        if (more != null && before != null) {
            more.setOpen(before.moreOpen());
        }
        return this;
    }

    private boolean moreOpen() {
        return more != null && more.isOpen();
    }

    public void title(String text) {
        title.setText(text);
    }
}
