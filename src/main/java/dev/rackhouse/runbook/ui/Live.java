package dev.rackhouse.runbook.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.UIDetachedException;
import dev.rackhouse.runbook.RunFeed;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps a component up to date while it is on a page. Many changes at once become one refresh. */
final class Live {

    private Live() {}

    /**
     * @param listen begins to listen with the given listener
     * @param refresh called on the UI thread: once when attached, then after changes
     */
    static void follow(Component component, Function<Runnable, RunFeed.Registration> listen, Runnable refresh) {
        AtomicReference<RunFeed.@Nullable Registration> current = new AtomicReference<>();
        component.addAttachListener(attach -> {
            UI ui = attach.getUI();
            AtomicBoolean asked = new AtomicBoolean();
            stop(current.getAndSet(listen.apply(() -> {
                if (asked.compareAndSet(false, true)) {
                    later(ui, asked, refresh);
                }
            })));
            refresh.run();
        });
        component.addDetachListener(_ -> stop(current.getAndSet(null)));
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

    private static void stop(RunFeed.@Nullable Registration registration) {
        if (registration != null) {
            registration.close();
        }
    }
}
