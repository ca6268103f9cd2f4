package dev.rackhouse.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

class RehearsalTest {

    @TempDir
    Path root;

    private EngineTestBed bed;

    @BeforeEach
    void makeTheBed() throws IOException {
        Files.createDirectories(root.resolve("etc"));
        bed = new EngineTestBed(root);
    }

    private final class PretendWorld implements Rehearsal.World {
        @Override
        public Machines machines() {
            return bed.node;
        }

        @Override
        public Clock clock() {
            return bed.clock;
        }

        @Override
        public void pass(Duration time) {
            bed.clock.move(time);
            LockSupport.parkNanos(3_000_000);
        }

        @Override
        public void restore() {
            bed.node.vms.clear();
            bed.node.mappings.clear();
            bed.node.effects.clear();
            bed.node.tasks.clear();
            try {
                // what steps left on the host is named after the run, and every play is run 1
                FileSystemUtils.deleteRecursively(root.resolve("var"));
                FileSystemUtils.deleteRecursively(root.resolve("etc"));
                Files.createDirectories(root.resolve("etc"));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public Map<String, Integer> effects() {
            return new TreeMap<>(bed.node.effects);
        }

        @Override
        public String digest() {
            return bed.node.digest();
        }
    }

    private Rehearsal.Outcome rehearse(Outline outline, List<String> printed) {
        Runbook<EngineTestBed.Plan> runbook = bed.runbook(outline);
        return new Rehearsal(bed.source, new PretendWorld(), runbook, List.of(), false)
                .play(runbook, new EngineTestBed.Plan("x"), line -> printed.add(line.toString()));
    }

    @Test
    void aSoundRunbookIsProvedAndRestored() {
        List<String> printed = new ArrayList<>();
        Outline sound = bed.everything();
        // a script that appends would not stand being run twice
        Outline idempotent = Outline.titled("Sound");
        for (Step step : sound.steps()) {
            if (!step.title().equals("Run a script")) {
                idempotent = idempotent.then(new Outline("", "", List.of(step), List.of(), false, List.of()));
            }
        }

        Rehearsal.Outcome outcome = rehearse(idempotent, printed);

        assertThat(outcome.count(Rehearsal.Result.BROKEN))
                .as(String.join("\n", printed))
                .isZero();
        assertThat(outcome.count(Rehearsal.Result.PROVED)).isGreaterThan(30);
        assertThat(outcome.count(Rehearsal.Result.RESTORED)).isGreaterThan(8);
    }

    @Test
    void aStepThatAddsEachTimeItIsDoneIsFound() {
        List<String> printed = new ArrayList<>();

        rehearse(bed.everything(), printed);

        assertThat(printed)
                .filteredOn(line -> line.contains("broken"))
                .singleElement()
                .asString()
                .contains("Run a script", "twice");
    }

    @Test
    void anUndoThatForgetsSomethingIsFound() {
        List<String> printed = new ArrayList<>();
        Outline forgetful = Outline.titled("Forgetful")
                .step(
                        "Map the device",
                        Command.ApiCall.post(bed.lab, "/cluster/mapping/pci")
                                .with("id", "gpu")
                                .with("description", "x"))
                .unless(Check.that(bed.get("/cluster/mapping/pci/gpu"), Conditions.succeeded()))
                .confirm(
                        "It is there",
                        Check.that(bed.get("/cluster/mapping/pci/gpu"), Conditions.succeeded()),
                        Duration.ZERO);

        rehearse(forgetful, printed);

        assertThat(printed).filteredOn(line -> line.contains("broken")).isNotEmpty();
    }
}
