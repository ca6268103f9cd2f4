package dev.rackhouse.runbook;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Host keys of guests as somebody met them first, kept as long as this lives: a guest that shows another key later is refused. For looks
 * that no run stands behind. Safe for many threads.
 */
public final class MetGuests implements Machines.GuestKeys {

    private final Map<String, String> met = new ConcurrentHashMap<>();

    @Override
    public Optional<String> known(String guest) {
        return Optional.ofNullable(met.get(guest));
    }

    @Override
    public void learned(String guest, String key) {
        met.putIfAbsent(guest, key);
    }
}
