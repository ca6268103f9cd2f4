package dev.rackhouse.simulator.serving;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The times in Ollama's log. */
final class Stamp {
    private static final DateTimeFormatter OWN = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter REQUEST =
            DateTimeFormatter.ofPattern("yyyy/MM/dd - HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Stamp() {}

    /** {@code time=2026-10-12T09:42:31.837Z}. */
    static String now() {
        return "time=" + OWN.format(Instant.now());
    }

    /** {@code 2026/10/12 - 09:42:31}, as its web framework writes it. */
    static String ofRequest() {
        return REQUEST.format(Instant.now());
    }
}
