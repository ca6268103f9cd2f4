package dev.rackhouse.inventory.ui;

import dev.rackhouse.base.ui.Page;
import dev.rackhouse.inventory.InventoryFeed;

/** A page that follows the inventory while it is open. */
abstract class LivePage extends Page implements InventoryFeed.Listener {

    private int ticks;

    LivePage(InventoryFeed feed) {
        addClassName("inventory");
        feed.follow(this, this);
    }

    /** Facts changed: shows them. */
    @Override
    public abstract void changed();

    /** Time passed: ages each time, figures once a minute, since they are sampled once a minute. */
    @Override
    public void ticked() {
        aged();
        if (++ticks % 2 == 0) {
            sampled();
        }
    }

    /** Sets ages anew. */
    void aged() {}

    /** Shows new figures. */
    void sampled() {}
}
