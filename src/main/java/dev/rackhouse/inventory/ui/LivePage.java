package dev.rackhouse.inventory.ui;

import dev.rackhouse.base.ui.Page;
import dev.rackhouse.inventory.InventoryFeed;

/** A page that follows the inventory while it is open. */
abstract class LivePage extends Page implements InventoryFeed.Listener {

    LivePage(InventoryFeed feed) {
        addClassName("inventory");
        feed.follow(this, this);
    }

    /** Facts changed: shows them. */
    @Override
    public abstract void changed();

    /** Time passed: ages and figures. */
    @Override
    public void ticked() {}
}
