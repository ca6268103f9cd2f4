package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.UIDetachedException;
import com.vaadin.flow.component.button.Button;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.security.concurrent.DelegatingSecurityContextRunnable;

/** Work that asks machines, away from the UI thread, on behalf of the person who pressed the button. */
final class Background {

    private Background() {}

    /**
     * Runs the work, then shows what came of it; nothing is shown when the page was left meanwhile.
     *
     * @param pressed is disabled while it runs
     * @param failed gets what was thrown
     */
    static <T> void run(Button pressed, Supplier<T> work, Consumer<T> done, Consumer<RuntimeException> failed) {
        UI ui = UI.getCurrent();
        String caption = pressed.getText();
        pressed.setEnabled(false);
        pressed.setText(caption + " ...");
        Runnable job = () -> {
            Runnable show;
            try {
                T result = work.get();
                show = () -> done.accept(result);
            } catch (RuntimeException e) {
                show = () -> failed.accept(e);
            }
            Runnable shown = show;
            access(ui, () -> {
                pressed.setEnabled(true);
                pressed.setText(caption);
                shown.run();
            });
        };
        Thread.ofVirtual().name("lab-ui").start(new DelegatingSecurityContextRunnable(job));
    }

    /** Calls the refresh every ten seconds for as long as the component is on a page. */
    static void refresh(Component component, Runnable refresh) {
        component.addAttachListener(attached -> {
            UI ui = attached.getUI();
            Thread ticking = Thread.ofVirtual().name("lab-refresh").start(() -> {
                try {
                    while (true) {
                        Thread.sleep(10_000);
                        ui.access(refresh::run);
                    }
                } catch (InterruptedException | UIDetachedException left) {
                    // the page was left
                }
            });
            component.addDetachListener(detached -> {
                ticking.interrupt();
                detached.unregisterListener();
            });
        });
    }

    private static void access(UI ui, Runnable work) {
        try {
            ui.access(work::run);
        } catch (UIDetachedException left) {
            // nobody looks any more; what was done stays done
        }
    }
}
