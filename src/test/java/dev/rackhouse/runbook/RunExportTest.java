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

        String report = RunReport.markdown(run, bed.runs().evidence(run.summary().id()));

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
        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
        assertThat(shell.waitFor()).isZero();
    }
}
