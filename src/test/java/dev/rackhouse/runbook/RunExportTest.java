package dev.rackhouse.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunExportTest {

    @TempDir
    Path root;

    @Test
    void theReportTellsWhatWasDoneAndWhatCameBack() throws IOException {
        Files.createDirectories(root.resolve("etc"));
        EngineTestBed bed = new EngineTestBed(root);
        RunDetails run = bed.drive(bed.start(bed.everything()));

        String report =
                RunReport.markdown(run, bed.runs().evidence(run.summary().id()));

        assertThat(report)
                .contains("# Run 1: Pretend", "| Operator | ada |", "### 2. Create the VM", "POST /nodes/caraxes/qemu")
                .contains("task `UPID:caraxes", "`{guest.uuid}` = `0000-214`", "because");
    }

    @Test
    void theScriptIsReadByTheShellAndNamesWhatItNeeds() throws Exception {
        EngineTestBed bed = new EngineTestBed(root);

        String script = RunScript.of(bed.everything(), Map.of());

        assertThat(script)
                .contains("api POST /cluster/mapping/pci", "--data-urlencode id=gpu", "GUEST_UUID=\"${GUEST_UUID:?")
                .contains("'name=vm-'\"$GUEST_UUID\"''", "ssh root@caraxes sh -s");
        Process shell = new ProcessBuilder("sh", "-n").redirectErrorStream(true).start();
        try (var in = shell.getOutputStream()) {
            in.write(script.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(shell.waitFor()).isZero();
    }

    @Test
    void evidenceOfRunsThatEndedLongAgoGoesTheRunStays() throws IOException {
        Files.createDirectories(root.resolve("etc"));
        EngineTestBed bed = new EngineTestBed(root);
        RunId old = bed.drive(bed.start(bed.mapping())).summary().id();
        RunId open = bed.start(bed.mapping());
        RunEvidenceRetention retention =
                new RunEvidenceRetention(org.springframework.jdbc.core.simple.JdbcClient.create(bed.template));

        assertThat(retention.oldest()).isNotNull();
        assertThat(retention.purge(bed.clock.instant().plusSeconds(1))).isPositive();

        assertThat(bed.runs().evidence(old)).isEmpty();
        assertThat(bed.runs().get(old).summary().state()).isEqualTo(RunState.DONE);
        assertThat(bed.runs().get(open).summary().state()).isEqualTo(RunState.RUNNING);
    }

    @Test
    void theEngineMeasuresWhatItAddsToAStep() {
        StepOverhead.Measured measured = StepOverhead.measure(new EngineTestBed(root).source, 40);

        assertThat(measured.steps()).isEqualTo(40);
        System.out.println("overhead per step: " + measured);
    }
}
