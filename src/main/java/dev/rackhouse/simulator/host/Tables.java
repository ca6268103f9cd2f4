package dev.rackhouse.simulator.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Small tables among the resources of this package: rows of fields between tabs, comments after a number sign. */
final class Tables {
    private Tables() {}

    static List<String[]> rows(String resource, int fields) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Tables.class.getResourceAsStream(resource), resource),
                StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(line -> {
                        String[] row = new String[fields];
                        Arrays.fill(row, "");
                        String[] found = line.split("\t", -1);
                        System.arraycopy(found, 0, row, 0, Math.min(fields, found.length));
                        return row;
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
