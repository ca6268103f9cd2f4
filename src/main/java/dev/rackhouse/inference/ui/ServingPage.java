package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Nav;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.inventory.InventoryFeed;
import java.util.List;
import java.util.Map;

/** A page about model serving: follows the inventory while it is open, and leads to its sisters. */
abstract class ServingPage extends Page implements InventoryFeed.Listener {

    private static final List<Map.Entry<String, String>> SISTERS = List.of(
            Map.entry(ServingRoutes.MODELS, "Models"),
            Map.entry(ServingRoutes.DEPLOYMENTS, "Deployments"),
            Map.entry(ServingRoutes.MODES, "Modes"));

    ServingPage(InventoryFeed feed) {
        addClassName("serving");
        feed.follow(this, this);
    }

    @Override
    public abstract void changed();

    /** What is planned does not age; what is measured is read again. */
    @Override
    public void ticked() {
        changed();
    }

    /** @param here the route of the page that is open */
    static Nav sisters(String here) {
        Nav nav = new Nav();
        nav.addClassNames("row", "serving-tabs");
        nav.setAriaLabel("Model serving");
        for (Map.Entry<String, String> sister : SISTERS) {
            Anchor link = new Anchor(sister.getKey(), sister.getValue());
            if (sister.getKey().equals(here)) {
                link.getElement().setAttribute("aria-current", "page");
            }
            nav.add(link);
        }
        return nav;
    }
}
