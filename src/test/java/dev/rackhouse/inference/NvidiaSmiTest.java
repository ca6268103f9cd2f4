package dev.rackhouse.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.fit.ComputeCapability;
import dev.rackhouse.inference.fit.GpuNow;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What nvidia-smi prints, as in the samples. */
class NvidiaSmiTest {

    private static final Instant NOW = Instant.parse("2026-10-12T09:20:12Z");

    private static String sample(String file) throws IOException {
        try (InputStream in = NvidiaSmiTest.class.getResourceAsStream("/inference/samples/nvidia/" + file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void readsTwoCardsAndWhoHoldsThem() throws IOException {
        var cards = NvidiaSmi.read(sample("query-gpu-2x3090.csv"), sample("compute-apps.csv"), NOW)
                .orElseThrow();

        assertThat(cards).hasSize(2);
        GpuReading first = cards.getFirst();
        assertThat(first.usable()).isEqualTo(ByteSize.ofMiB(24576 - 325));
        assertThat(first.free()).isEqualTo(ByteSize.ofMiB(2441));
        assertThat(first.capability()).isEqualTo(new ComputeCapability(8, 6));
        assertThat(first.watts()).isEqualTo(338.42);
        assertThat(first.busy()).isEqualTo(0.97);
        assertThat(first.holders())
                .containsExactly(new GpuNow.Holder("VLLM::Worker_TP0 (pid 41873)", ByteSize.ofMiB(21796), false));
        assertThat(first.broken()).isFalse();
    }

    @Test
    void nobodyHoldsThemWhenOnlyTheHeaderIsPrinted() throws IOException {
        var cards = NvidiaSmi.read(sample("query-gpu-2x3090.csv"), sample("compute-apps-empty.csv"), NOW)
                .orElseThrow();

        assertThat(cards).allMatch(c -> c.holders().isEmpty());
    }

    @Test
    void cellsThatAreNoNumbersAreNotKnownAndErrorsAreSeen() throws IOException {
        String errors = sample("err-values.csv").replace("index,", "uuid,");

        var cards = NvidiaSmi.read(errors, "", NOW).orElseThrow();

        assertThat(cards).allMatch(GpuReading::broken).allMatch(c -> c.watts() == null && c.free() == null);
    }

    @Test
    void noTableIsNoReading() throws IOException {
        assertThat(NvidiaSmi.read(sample("query-gpu-lost.txt"), "", NOW)).isEmpty();
    }
}
