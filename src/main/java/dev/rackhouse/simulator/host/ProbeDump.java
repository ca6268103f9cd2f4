package dev.rackhouse.simulator.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the read-only probe printed on one machine, format 1: one record a line, {@code TAG<TAB>field<TAB>field...}, the
 * last line is {@code END<TAB>record count}.
 */
public record ProbeDump(List<Row> rows) {

    /** One record; fields without the tag. */
    public record Row(String tag, List<String> fields) {
        /** The field at this place, empty when there are fewer. */
        public String field(int index) {
            return index < fields.size() ? fields.get(index) : "";
        }

        /** Value of the field {@code key=value}, empty when there is none. */
        public Optional<String> value(String key) {
            return fields.stream()
                    .filter(field -> field.startsWith(key + "="))
                    .map(field -> field.substring(key.length() + 1))
                    .findFirst();
        }
    }

    public ProbeDump {
        rows = List.copyOf(rows);
    }

    /**
     * Reads a dump.
     *
     * @throws IllegalArgumentException when it is cut off or no dump at all
     */
    public static ProbeDump parse(String text) {
        List<Row> rows = new ArrayList<>();
        long counted = -1;
        for (String line : text.split("\n", -1)) {
            if (line.isEmpty()) {
                continue;
            }
            List<String> fields = List.of(line.split("\t", -1));
            String tag = fields.getFirst();
            if (tag.equals("END")) {
                counted = Long.parseLong(fields.get(1));
            } else {
                rows.add(new Row(tag, fields.subList(1, fields.size())));
            }
        }
        if (counted != rows.size()) {
            throw new IllegalArgumentException("The dump is cut off: " + rows.size() + " records, END says " + counted);
        }
        return new ProbeDump(rows);
    }

    /**
     * The packed dump of a machine. Records that it would print with its IOMMU on, where the dump was taken with it off,
     * come from {@code iommu.txt} beside it and are kept as records {@code BOARD tag field...}. A staged network change lies
     * in {@code interfaces.new} and is kept as records {@code STAGED line}.
     */
    public static ProbeDump packed(String lab, String machine) {
        String folder = "/labs/" + lab + "/" + machine;
        List<Row> rows = new ArrayList<>(parse(resource(folder + "/probe.txt")
                        .orElseThrow(() -> new IllegalArgumentException("No machine " + machine + " in lab " + lab)))
                .rows());
        resource(folder + "/iommu.txt")
                .ifPresent(text -> text.lines()
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .forEach(line -> rows.add(new Row("BOARD", List.of(line.split("\t", -1))))));
        resource(folder + "/interfaces.new")
                .ifPresent(text -> text.lines().forEach(line -> rows.add(new Row("STAGED", List.of(line)))));
        return new ProbeDump(rows);
    }

    private static Optional<String> resource(String name) {
        try (InputStream in = ProbeDump.class.getResourceAsStream(name)) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the board has to show with its IOMMU on, where the dump was taken with it off; empty otherwise. */
    List<Row> board() {
        return rows("BOARD").stream()
                .map(row -> new Row(
                        row.field(0), row.fields().subList(1, row.fields().size())))
                .toList();
    }

    /** The same machine with other records: each is kept, changed, or left out (null). */
    public ProbeDump with(Function<Row, @Nullable Row> change) {
        List<Row> changed = new ArrayList<>();
        for (Row row : rows) {
            Row now = change.apply(row);
            if (now != null) {
                changed.add(now);
            }
        }
        return new ProbeDump(changed);
    }

    /** All records with this tag, in their order. */
    public List<Row> rows(String tag) {
        return rows.stream().filter(row -> row.tag().equals(tag)).toList();
    }

    /** First value of the host fact {@code K name value}. */
    public Optional<String> fact(String name) {
        return facts(name).stream().findFirst();
    }

    /** All values of a host fact that may come several times ({@code cpu_flag}, {@code default_route}). */
    public List<String> facts(String name) {
        return rows("K").stream()
                .filter(row -> row.field(0).equals(name))
                .map(row -> row.field(1))
                .toList();
    }

    /** Lines by the source that the {@code L} records name, in their order. */
    public Map<String, List<String>> lines() {
        Map<String, List<String>> bySource = new LinkedHashMap<>();
        for (Row row : rows("L")) {
            bySource.computeIfAbsent(row.field(0), source -> new ArrayList<>()).add(row.field(1));
        }
        return bySource;
    }

    /** Real sysfs path by name for one kind of {@code PATH} record ({@code pci}, {@code block}, {@code net}, {@code usb}). */
    public Map<String, Row> paths(String kind) {
        Map<String, Row> byName = new LinkedHashMap<>();
        for (Row row : rows("PATH")) {
            if (row.field(0).equals(kind)) {
                byName.put(row.field(1), row);
            }
        }
        return byName;
    }
}
