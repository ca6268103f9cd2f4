package dev.rackhouse.base;

import java.time.Duration;
import java.time.Instant;

/**
 * Where a fact comes from and when it was seen. Truth has an age.
 *
 * @param source as shown: {@code Proxmox API}, {@code probe over SSH}
 */
public record Seen(String source, Instant at) {

    public Duration age(Instant now) {
        Duration age = Duration.between(at, now);
        return age.isNegative() ? Duration.ZERO : age;
    }
}
