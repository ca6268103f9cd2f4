package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.UI;
import dev.rackhouse.base.RemoteFailure;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Asks a machine without holding up the page. */
@FunctionalInterface
public interface Background {

    /** Returns at once; one of the two is called later, with the page locked. */
    <T> void ask(Supplier<T> question, Consumer<T> answered, Consumer<RemoteFailure> failed);

    /** On a thread of its own for each question. */
    static Background threads() {
        return new Background() {
            @Override
            public <T> void ask(Supplier<T> question, Consumer<T> answered, Consumer<RemoteFailure> failed) {
                UI ui = UI.getCurrent();
                Thread.ofVirtual().name("wizard-asks").start(() -> {
                    try {
                        T answer = question.get();
                        ui.access(() -> answered.accept(answer));
                    } catch (RemoteFailure failure) {
                        ui.access(() -> failed.accept(failure));
                    }
                });
            }
        };
    }
}
