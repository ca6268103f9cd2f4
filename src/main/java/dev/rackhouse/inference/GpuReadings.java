package dev.rackhouse.inference;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** The last reading of the GPUs of each place. Kept in memory: after two minutes they count as nothing. Safe for many threads. */
@Component
public class GpuReadings {

    private static final Duration FRESH = Duration.ofMinutes(2);

    private final Map<PlaceRef, List<GpuReading>> last = new ConcurrentHashMap<>();
    private final Clock clock;

    GpuReadings(Clock clock) {
        this.clock = clock;
    }

    /** Replaces what is known of a place. */
    public void put(PlaceRef place, List<GpuReading> readings) {
        last.put(place, List.copyOf(readings));
    }

    /** Fresh ones only. */
    public List<GpuReading> of(PlaceRef place) {
        var oldest = clock.instant().minus(FRESH);
        return last.getOrDefault(place, List.of()).stream()
                .filter(r -> r.at().isAfter(oldest))
                .toList();
    }
}
