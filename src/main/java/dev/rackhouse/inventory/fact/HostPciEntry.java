package dev.rackhouse.inventory.fact;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One {@code hostpciN} of a guest, as far as it tells which devices it takes:
 * {@code [host=]ADDRESS[;ADDRESS...]} or {@code mapping=ID}, then {@code ,key=value}.
 *
 * @param host addresses as written; null for a mapping
 * @param mapping null for raw addresses
 */
public record HostPciEntry(
        int index, @Nullable String host, @Nullable String mapping, Map<String, String> options) {

    public HostPciEntry {
        options = Map.copyOf(options);
    }

    public static HostPciEntry parse(int index, String value) {
        String host = null;
        String mapping = null;
        Map<String, String> options = new LinkedHashMap<>();
        for (String part : value.split(",")) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? "host" : part.substring(0, equals).strip();
            String text = part.substring(equals + 1).strip();
            switch (key) {
                case "host" -> host = text;
                case "mapping" -> mapping = text;
                default -> options.put(key, text);
            }
        }
        return new HostPciEntry(index, host, mapping, options);
    }

    /** All of a guest, by index. */
    public static List<HostPciEntry> of(GuestConfig guest) {
        return guest.hostPci().entrySet().stream()
                .map(e -> parse(e.getKey(), e.getValue()))
                .toList();
    }

    public boolean flag(String key) {
        return List.of("1", "on", "yes", "true").contains(options.getOrDefault(key, ""));
    }

    /** {@code hostpci0} */
    public String key() {
        return "hostpci" + index;
    }
}
