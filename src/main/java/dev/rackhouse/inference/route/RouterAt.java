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
 */
public record RouterAt(
        String name,
        RouterKind kind,
        Host host,
        int port,
        int clients,
        @Nullable String file) {

    static final Duration ANSWERS = Duration.ofSeconds(15);

    Service control() {
        return new Service.LocalPort(port, bearer());
    }

    /** Where clients ask. */
    public Service door() {
        return new Service.LocalPort(clients, bearer());
    }

    /** LiteLLM wants its key for everything; it is given at the start of a run and never shown. */
    private String bearer() {
        return kind == RouterKind.LITELLM ? "{secret.router}" : "";
    }
}
