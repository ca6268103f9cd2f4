package dev.rackhouse.simulator.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several writes to one control file within one command. */
class ControlFilesTest {
    @TempDir
    Path folder;

    @Test
    void everyLineThatIsAppendedIsAWriteOfItsOwn() {
        try (TestHost host = TestHost.of("thor", "thor", folder)) {
            host.run("{ echo 0000:02:00.0; echo 0000:02:00.1; } > ${R:-}/sys/bus/pci/drivers/ixgbe/unbind");

            assertThat(host.machine().driver("0000:02:00.0")).isEmpty();
            assertThat(host.machine().driver("0000:02:00.1")).isEmpty();
        }
    }
}
