package dev.rackhouse.simulator.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.simulator.host.Jails;
import dev.rackhouse.simulator.host.SshKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Machines without a hypervisor serve too: containers on helium, programs on the Mac. */
class ServingHomeTest {
    @TempDir
    Path folder;

    @Test
    void heliumAndLithiumServeOnceSomebodyLooksAtThem() throws Exception {
        String key = SshKeys.line(SshKeys.fresh().getPublic(), "test");
        RunningLab.Common common = new RunningLab.Common(new Jails(folder.resolve("jails")), folder, 0, 300, key);
        try (RunningLab lab = RunningLab.start(LabPlan.packed("home").orElseThrow(), common)) {
            lab.hosts().forEach(host -> host.file("/etc/hostname"));

            Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
            while (ready(lab).size() < 4 && Instant.now().isBefore(deadline)) {
                LockSupport.parkNanos(20_000_000);
            }

            assertThat(ready(lab))
                    .containsExactlyInAnyOrder("llama-helium", "embed-helium", "llama-lithium", "embed-lithium");
        }
    }

    private static List<String> ready(RunningLab lab) {
        JsonNode all = JsonMapper.shared().valueToTree(lab.serving("GET", List.of("engines"), Map.of()));
        return all.path("engines")
                .valueStream()
                .filter(one -> one.path("phase").asString("").equals("READY"))
                .map(one -> one.path("container").asString(""))
                .toList();
    }
}
