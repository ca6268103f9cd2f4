package dev.rackhouse.base;

import org.jspecify.annotations.Nullable;

/**
 * Something on another machine went wrong. The message has four parts: what we were doing, on which machine, what came back, what
 * the reader can do. Expected refusals of our own rules are values, not this.
 */
public abstract sealed class RemoteFailure extends RuntimeException {

    private final String doing;
    private final String machine;
    private final String cameBack;
    private final String advice;

    private RemoteFailure(String doing, String machine, String cameBack, String advice, @Nullable Throwable cause) {
        super("Could not " + doing + " on " + machine + ": " + sentence(cameBack) + " " + advice, cause);
        this.doing = doing;
        this.machine = machine;
        this.cameBack = cameBack;
        this.advice = advice;
    }

    private static String sentence(String text) {
        String trimmed = text.strip();
        return trimmed.isEmpty() || ".!?".indexOf(trimmed.charAt(trimmed.length() - 1)) >= 0 ? trimmed : trimmed + ".";
    }

    /** What we were doing, after "could not": {@code read the guests}. */
    public String doing() {
        return doing;
    }

    /** Which machine: {@code caraxes (Proxmox, 10.0.10.41:8006)}. */
    public String machine() {
        return machine;
    }

    /** What came back, in the other side's words, already redacted and bounded. */
    public String cameBack() {
        return cameBack;
    }

    /** What the reader can do. */
    public String advice() {
        return advice;
    }

    /** Whether the same call may succeed later without a person doing anything. */
    public abstract boolean worthRetrying();

    /** No connection: name not known, refused, no route, or the way there broke. */
    public static final class Unreachable extends RemoteFailure {
        public Unreachable(String doing, String machine, String cameBack, String advice, @Nullable Throwable cause) {
            super(doing, machine, cameBack, advice, cause);
        }

        @Override
        public boolean worthRetrying() {
            return true;
        }
    }

    /** The machine answered and said no. {@link #status()} is the protocol's own code: HTTP status or exit code. */
    public static final class Refused extends RemoteFailure {
        private final int status;
        private final boolean temporary;

        public Refused(String doing, String machine, String cameBack, String advice, int status, boolean temporary) {
            super(doing, machine, cameBack, advice, null);
            this.status = status;
            this.temporary = temporary;
        }

        public int status() {
            return status;
        }

        @Override
        public boolean worthRetrying() {
            return temporary;
        }
    }

    /** Asked, and no answer in time: whether it happened is not known. */
    public static final class TimedOut extends RemoteFailure {
        public TimedOut(String doing, String machine, String cameBack, String advice, @Nullable Throwable cause) {
            super(doing, machine, cameBack, advice, cause);
        }

        @Override
        public boolean worthRetrying() {
            return true;
        }
    }

    /** The answer is not what this protocol says: garbage, truncated, too large. */
    public static final class Unreadable extends RemoteFailure {
        public Unreadable(String doing, String machine, String cameBack, String advice, @Nullable Throwable cause) {
            super(doing, machine, cameBack, advice, cause);
        }

        @Override
        public boolean worthRetrying() {
            return false;
        }
    }

    /** The machine shows another certificate or host key than the one that was pinned. Nothing was sent. */
    public static final class Untrusted extends RemoteFailure {
        private final String pinned;
        private final String presented;

        public Untrusted(String doing, String machine, String pinned, String presented) {
            super(
                    doing,
                    machine,
                    "it presents " + presented + ", but " + pinned + " is pinned",
                    "If the change is yours (new certificate, reinstalled host), an admin accepts it on the lab's page; if not, somebody may be in between.",
                    null);
            this.pinned = pinned;
            this.presented = presented;
        }

        public String pinned() {
            return pinned;
        }

        public String presented() {
            return presented;
        }

        @Override
        public boolean worthRetrying() {
            return false;
        }
    }
}
