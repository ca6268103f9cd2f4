package dev.rackhouse.simulator.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The simulator answers as the recorded server did. */
class ConformanceTest {
    @Test
    void fitsThePackedVectorsAndRecordings() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int code = ConformanceCommand.run(List.of(), new PrintStream(out, true, StandardCharsets.UTF_8));

        String text = out.toString(StandardCharsets.UTF_8);
        assertEquals(0, code, text);
        assertTrue(text.lines().noneMatch(line -> line.startsWith("deviating")), text);
    }
}
