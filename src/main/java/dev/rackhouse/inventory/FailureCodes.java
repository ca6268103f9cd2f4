package dev.rackhouse.inventory;

import dev.rackhouse.base.RemoteFailure;

/** Stable words for how a source failed, for verdicts and alerts. */
final class FailureCodes {

    private FailureCodes() {}

    static String of(RemoteFailure failure) {
        return switch (failure) {
            case RemoteFailure.Unreachable u -> "unreachable";
            case RemoteFailure.Refused r -> "refused";
            case RemoteFailure.TimedOut t -> "timed-out";
            case RemoteFailure.Unreadable u -> "unreadable";
            case RemoteFailure.Untrusted u -> "untrusted";
        };
    }
}
