package dev.rackhouse.inference.route;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a router does with a name that clients ask for.
 *
 * @param backend address of the engine, {@code http://127.0.0.1:8000}; empty when the kind does not tell
 * @param model the name under which the engine serves
 * @param retryAfterSeconds what refused clients are told, 0 to 3600; 0: nothing
 * @param message what refused clients read; may be empty
 * @param id the router's own name for it, where it has one; empty otherwise
 */
public record ClientRoute(
        String name, String backend, String model, State state, int retryAfterSeconds, String message, String id) {

    /** What happens to a new request. */
    public enum State {
        /** It is forwarded. */
        ACTIVE,
        /** It is refused with 503 and Retry-After; what was accepted before is carried to its end. */
        DRAINING,
        /** It is refused. */
        OFF;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @return null when it is none */
        static @Nullable State parse(String word) {
            for (State state : values()) {
                if (state.word().equals(word)) {
                    return state;
                }
            }
            return null;
        }
    }

    public ClientRoute {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._:/-]{0,100}")
                || !model.matches("[A-Za-z0-9][A-Za-z0-9._:/-]{0,100}|")) {
            throw new IllegalArgumentException("'" + name + "' is no name that clients could ask for");
        }
        if (!backend.matches("https?://[A-Za-z0-9.:\\[\\]-]{1,200}/?|")) {
            throw new IllegalArgumentException("'" + backend + "' is no address of an engine");
        }
        if (retryAfterSeconds < 0 || retryAfterSeconds > 3600) {
            throw new IllegalArgumentException("Retry-After is at most an hour, not " + retryAfterSeconds + " s");
        }
    }

    /** The same route that forwards. */
    ClientRoute active() {
        return new ClientRoute(name, backend, model, State.ACTIVE, 0, "", id);
    }

    ClientRoute refusing(State how, int seconds, String why) {
        return new ClientRoute(name, backend, model, how, seconds, why, id);
    }

    /** The port of the backend; -1 when it is not known. */
    public int port() {
        int colon = backend.lastIndexOf(':');
        String port = colon < 0 ? "" : backend.substring(colon + 1).replace("/", "");
        return port.matches("\\d{1,5}") ? Integer.parseInt(port) : -1;
    }
}
