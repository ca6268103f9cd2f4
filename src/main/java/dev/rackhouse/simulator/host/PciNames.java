package dev.rackhouse.simulator.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Names of the vendors and devices in the pretend labs, from a small table with the wording of the public id list. */
final class PciNames {
    private static final Map<String, String> NAMES = load();

    private PciNames() {}

    /** Name of a vendor by id without {@code 0x}. */
    static @Nullable String vendor(String id) {
        return NAMES.get(id);
    }

    static @Nullable String device(String vendor, String device) {
        return NAMES.get(vendor + ":" + device);
    }

    /** Name that a card maker gave to a device of a chip maker. */
    static @Nullable String subsystem(String vendor, String device, String subVendor, String subDevice) {
        return NAMES.get(vendor + ":" + device + " " + subVendor + ":" + subDevice);
    }

    private static Map<String, String> load() {
        Map<String, String> names = new HashMap<>();
        try (InputStream in = Objects.requireNonNull(PciNames.class.getResourceAsStream("/labs/pci-names.tsv"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            lines.lines().forEach(line -> {
                int tab = line.indexOf('\t');
                names.put(line.substring(0, tab), line.substring(tab + 1));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }
}
