package dev.rackhouse.simulator.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine that is rebuilt from its dump answers the probe with the very same bytes. */
class TreeFromDumpTest {
    @TempDir
    Path folder;

    static final List<String> SAMPLES = List.of(
            "thor/thor",
            "targaryen/caraxes",
            "targaryen/meraxes",
            "home/helium",
            "home/hydrogen",
            "home/lithium",
            "bare/pve",
            "prepared/pve",
            "shared-group/pve");

    static Stream<String> samples() {
        return SAMPLES.stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void theProbeOverTheRebuiltTreePrintsTheDumpAgain(String machine) throws Exception {
        String dump = resource("/labs/" + machine + "/probe.txt");
        HostTree tree = new HostTree(folder.resolve("tree"));

        TreeFromDump.write(ProbeDump.parse(dump), tree);

        String script = resource("/dev/rackhouse/inventory/fact/probe.sh");
        assertThat(withoutClockAndUser(probe(script, tree.root()))).isEqualTo(withoutClockAndUser(dump));
    }

    @ParameterizedTest
    @ValueSource(strings = {"BEGIN\t1\nK\thostname\tthor\n", "BEGIN\t1\nK\thostname\tthor\nEND\t5\n"})
    void refusesADumpThatIsCutOff(String text) {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> ProbeDump.parse(text)))
                .hasMessageContaining("cut off");
    }

    private String probe(String script, Path root) throws IOException, InterruptedException {
        Path out = folder.resolve("out.txt");
        ProcessBuilder builder = new ProcessBuilder("sh", "-s").redirectOutput(out.toFile());
        builder.environment().put("R", root.toString());
        builder.environment().remove("SSH_CONNECTION");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        try (var in = process.getOutputStream()) {
            in.write(script.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return Files.readString(out);
    }

    /** Clock and user are the real machine's; everything else must be equal to the byte. */
    static String withoutClockAndUser(String dump) {
        return dump.lines()
                .map(line -> line.startsWith("K\tnow\t") ? "K\tnow" : line.startsWith("K\tuid\t") ? "K\tuid" : line)
                .collect(Collectors.joining("\n"));
    }

    static String resource(String name) throws IOException {
        try (InputStream in = TreeFromDumpTest.class.getResourceAsStream(name)) {
            return new String(java.util.Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
