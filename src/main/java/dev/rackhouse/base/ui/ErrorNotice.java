package dev.rackhouse.base.ui;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.base.Verdict;

/** A failure in its four parts, with redacted diagnostics to copy. */
public class ErrorNotice extends Notice {

    public ErrorNotice(RemoteFailure failure) {
        super(
                Verdict.Level.CRITICAL,
                "Could not " + failure.doing() + " on " + failure.machine(),
                failure.cameBack() + " — " + failure.advice());
        actions(new CopyButton("Copy diagnostics", () -> Diagnostics.of(failure)));
    }

    /** For what is not the fault of a machine; the text must be a sentence for a person. */
    public ErrorNotice(String title, String text, Throwable cause) {
        super(Verdict.Level.CRITICAL, title, text);
        actions(new CopyButton("Copy diagnostics", () -> Diagnostics.of(cause)));
    }
}
