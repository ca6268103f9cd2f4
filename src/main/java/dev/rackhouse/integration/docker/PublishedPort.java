package dev.rackhouse.integration.docker;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A port of a container that its machine hands on.
 *
 * @param host on the machine, 1 to 65535
 * @param container within, 1 to 65535
 * @param protocol {@code tcp}, {@code udp}, {@code sctp}
 * @param address of the machine on which it listens; empty or {@code 0.0.0.0}: on all
 */
public record PublishedPort(int host, int container, String protocol, String address) {

    static Optional<PublishedPort> of(
            @Nullable Integer host, @Nullable Integer container, @Nullable String protocol, @Nullable String address) {
        return host != null && container != null && port(host) && port(container)
                ? Optional.of(new PublishedPort(
                        host, container, protocol == null ? "tcp" : Bounded.text(protocol), Bounded.text(address)))
                : Optional.empty();
    }

    private static boolean port(int number) {
        return number > 0 && number < 65_536;
    }
}
