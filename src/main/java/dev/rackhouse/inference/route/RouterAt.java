package dev.rackhouse.inference.route;

import dev.rackhouse.runbook.Host;
import dev.rackhouse.runbook.Service;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A router as it is reached.
 *
 * @param host on whose 127.0.0.1 it listens
 * @param port by which it is told and asked
 * @param clients by which clients ask; the same for some kinds
 * @param file that it reads; null for kinds without one
 * @param secret under which a run is given its key, see {@link #secretOf}; null: it is told and asked without one
 */
public record RouterAt(
        String name,
        RouterKind kind,
        Host host,
        int port,
        int clients,
        @Nullable String file,
        @Nullable String secret) {

    static final Duration ANSWERS = Duration.ofSeconds(15);

    /** How a run knows the key of a router. */
    static String secretOf(String router) {
        return "router." + router;
    }

    Service control() {
        return new Service.LocalPort(port, bearer());
    }

    /** Where clients ask. */
    public Service door() {
        return new Service.LocalPort(clients, bearer());
    }

    /** A placeholder, which only the run fills in. */
    private String bearer() {
        return secret == null ? "" : "{secret." + secret + "}";
    }
}
