package dev.rackhouse.simulator.serving;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What a pretend engine knows of a model, by the name of its repository or file. */
record ModelFacts(
        String name,
        long parameters,
        int layers,
        int hidden,
        int heads,
        int kvHeads,
        int headSize,
        int intermediate,
        int vocabulary,
        int positions,
        long weightBytes,
        String form,
        String architecture,
        int shards,
        double tokensPerSecond,
        boolean gated) {

    private static final List<ModelFacts> ALL = read();

    /** By the full name, or by the name of the file in a path. */
    static Optional<ModelFacts> find(String name) {
        String file = name.substring(name.lastIndexOf('/') + 1);
        return ALL.stream()
                .filter(one -> one.name().equals(name)
                        || one.name().equals(file)
                        || one.name().endsWith("/" + file))
                .findFirst();
    }

    /** Bytes of keys and values that one token takes on one of so many cards. */
    long kvBytesPerToken(int cards, int bytesPerValue) {
        return 2L * layers * Math.max(1, kvHeads / cards) * headSize * bytesPerValue;
    }

    private static List<ModelFacts> read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(ModelFacts.class.getResourceAsStream("models.tsv")), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(line -> line.split("\t"))
                    .map(row -> new ModelFacts(
                            row[0],
                            Long.parseLong(row[1]),
                            Integer.parseInt(row[2]),
                            Integer.parseInt(row[3]),
                            Integer.parseInt(row[4]),
                            Integer.parseInt(row[5]),
                            Integer.parseInt(row[6]),
                            Integer.parseInt(row[7]),
                            Integer.parseInt(row[8]),
                            Integer.parseInt(row[9]),
                            Long.parseLong(row[10]),
                            row[11],
                            row[12],
                            Integer.parseInt(row[13]),
                            Double.parseDouble(row[14]),
                            row[15].equals("yes")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
