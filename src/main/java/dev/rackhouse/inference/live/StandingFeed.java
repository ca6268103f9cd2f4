package dev.rackhouse.inference.live;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.UIDetachedException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Keeps open pages up to date with engines. Many looks at once become one refresh; while a page is open, places are watched. */
@Service
public class StandingFeed {

    private final Standings standings;

    StandingFeed(Standings standings) {
        this.standings = standings;
    }

    /**
     * Refreshes this page as long as it is attached. Call once, in the constructor.
     *
     * @param refresh called on the UI thread after looks; should change only what differs
     */
    public void follow(Component page, Runnable refresh) {
        AtomicReference<Standings.@Nullable Registration> current = new AtomicReference<>();
        page.addAttachListener(attach -> {
            UI ui = attach.getUI();
            AtomicBoolean asked = new AtomicBoolean();
            standings.watched();
            stop(current.getAndSet(standings.onChange(() -> {
                standings.watched();
                if (asked.compareAndSet(false, true)) {
                    later(ui, asked, refresh);
                }
            })));
        });
        page.addDetachListener(detach -> stop(current.getAndSet(null)));
    }

    private static void later(UI ui, AtomicBoolean asked, Runnable refresh) {
        try {
            ui.access(() -> {
                asked.set(false);
                refresh.run();
            });
        } catch (UIDetachedException gone) {
            asked.set(false);
        }
    }

    private static void stop(Standings.@Nullable Registration registration) {
        if (registration != null) {
            registration.close();
        }
    }
}
