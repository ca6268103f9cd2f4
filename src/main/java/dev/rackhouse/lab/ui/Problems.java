package dev.rackhouse.lab.ui;

import com.vaadin.flow.component.Component;
import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.ErrorNotice;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.lab.LabRefused;

/** What went wrong, as something to put on the page. */
final class Problems {

    private Problems() {}

    static Component notice(RuntimeException e) {
        return switch (e) {
            case RemoteFailure failure -> new ErrorNotice(failure);
            case LabRefused refused -> new Notice(Verdict.Level.ATTENTION, refused.sentence(), "");
            case IllegalArgumentException wrong -> new Notice(Verdict.Level.ATTENTION, sentence(wrong), "");
            default -> throw e;
        };
    }

    static String sentence(IllegalArgumentException e) {
        String text = String.valueOf(e.getMessage());
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(java.util.Locale.ROOT)
                        + text.substring(1)
                        + (text.endsWith(".") ? "" : ".");
    }
}
