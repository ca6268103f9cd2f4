package dev.rackhouse.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.inventory.fact.SampleHosts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden file: what a correct checker must report on the sample hosts, and what it must not. */
class ExpectedFindingsTest {

    record Expected(String sample, String target, String check, String severity, String expect) {}

    static Stream<Expected> aboutTheProbe() throws IOException {
        try (InputStream in = ExpectedFindingsTest.class.getResourceAsStream("/facts/hosts/expected-findings.tsv")) {
            List<String> lines = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .toList();
            return lines.stream()
                    .map(l -> l.split("\t"))
                    .filter(f -> f[5].equals("probe"))
                    .filter(f -> Set.of("device", "host", "guest", "network").contains(f[6]))
                    .map(f -> new Expected(f[0], f[1], f[2], f[3], f[4]));
        }
    }

    @ParameterizedTest
    @MethodSource("aboutTheProbe")
    void saysWhatMustBeSaidAndNothingThatMustNot(Expected expected) {
        Set<String> found = Findings.ofEverything(SampleHosts.facts(expected.sample())).stream()
                .map(f -> f.target() + " " + f.check() + " " + f.severityWord())
                .collect(Collectors.toSet());

        String line = expected.target() + " " + expected.check() + " ";
        if (expected.expect().equals("report")) {
            assertThat(found).contains(line + expected.severity());
        } else {
            assertThat(found).noneMatch(f -> f.startsWith(line));
        }
    }
}
