package dev.rackhouse.base.ui;

import com.vaadin.flow.component.UI;
import dev.rackhouse.base.RemoteFailure;
import java.time.Instant;

/** What helps somebody else to understand an error: version, page, kinds of causes. No values typed, no secrets, no messages of causes. */
final class Diagnostics {

    private static final int FRAMES = 12;

    private Diagnostics() {}

    static String of(Throwable failure) {
        StringBuilder text = new StringBuilder();
        String version = Diagnostics.class.getPackage().getImplementationVersion();
        text.append("Rackhouse ").append(version == null ? "development build" : version);
        text.append("\nJava ").append(Runtime.version());
        text.append("\nAt ").append(Instant.now());
        UI ui = UI.getCurrent();
        if (ui != null) {
            text.append("\nPage /").append(ui.getActiveViewLocation().getPath());
        }
        if (failure instanceof RemoteFailure remote) {
            text.append("\nDoing ").append(remote.doing());
            text.append("\nMachine ").append(remote.machine());
            text.append("\nCame back ").append(remote.cameBack());
        }
        int depth = 0;
        for (Throwable t = failure; t != null && depth < 6; t = t.getCause(), depth++) {
            text.append("\n").append(t.getClass().getName());
            StackTraceElement[] frames = t.getStackTrace();
            for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
                text.append("\n  at ").append(frames[i]);
            }
        }
        return text.toString();
    }
}
