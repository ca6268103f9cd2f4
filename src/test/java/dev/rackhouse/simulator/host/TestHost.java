package dev.rackhouse.simulator.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.simulator.host.ProbeDump.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One pretend machine for tests: commands run on it without SSH, and a simulated minute passes in a few milliseconds. */
final class TestHost implements AutoCloseable {
    private final SimulatedLab lab;
    private final SimulatedMachine machine;

    record Said(int code, String out, String err) {}

    private TestHost(SimulatedLab lab, SimulatedMachine machine) {
        this.lab = lab;
        this.machine = machine;
    }

    /** A machine of a packed lab, at this speed. */
    static TestHost of(String labName, String name, Path folder, double speed) {
        SimulatedLab lab = new SimulatedLab(new Jails(folder.resolve("jails")), new Pace(speed), List.of());
        SimulatedMachine machine = lab.add(
                name,
                ProbeDump.packed(labName, name),
                folder.resolve(name),
                SshKeys.fresh(),
                SshKeys.line(SshKeys.fresh().getPublic(), "test"));
        return new TestHost(lab, machine);
    }

    static TestHost of(String labName, String name, Path folder) {
        return of(labName, name, folder, 5000);
    }

    SimulatedMachine machine() {
        return machine;
    }

    Said run(String line, String input) {
        try {
            Process process = machine.box().start(line, Map.of());
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            machine.box().ended();
            return new Said(code, out, err);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Said run(String line) {
        return run(line, "");
    }

    void write(String file, String text) {
        machine.box().tree().write(file, text);
    }

    void writeScript(String file, String text) {
        write(file, text);
        assertThat(machine.box().tree().at(file).toFile().setExecutable(true)).isTrue();
    }

    String file(String name) {
        return HostFiles.text(machine.box().tree(), name);
    }

    /** Replaces text in a file of the machine. */
    void edit(String file, String old, String by) {
        assertThat(file(file)).contains(old);
        write(file, file(file).replace(old, by));
    }

    /** Reboots it and waits until it can be reached again. */
    void reboot() throws InterruptedException {
        CountDownLatch back = new CountDownLatch(1);
        machine.restart(false, back::countDown);
        assertThat(back.await(30, TimeUnit.SECONDS)).as(machine.state()).isTrue();
    }

    /** Reboots it and waits for this state. */
    void rebootTo(String state) {
        machine.restart(false, () -> {});
        eventually(() -> machine.state().startsWith(state));
    }

    static void eventually(BooleanSupplier question) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
        while (!question.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** What the probe prints on it now. */
    ProbeDump probe() throws IOException {
        return ProbeDump.parse(run("sh -s", TreeFromDumpTest.resource("/dev/rackhouse/inventory/fact/probe.sh"))
                .out());
    }

    List<String> groups() throws IOException {
        return probe().rows("G").stream()
                .map(row -> row.field(0) + " " + row.value("devices").orElse(""))
                .toList();
    }

    static List<String> groups(List<Row> rows) {
        return rows.stream()
                .filter(row -> row.tag().equals("G"))
                .map(row -> row.field(0) + " " + row.value("devices").orElse(""))
                .toList();
    }

    @Override
    public void close() {
        lab.close();
    }
}
