package dev.rackhouse.simulator.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.simulator.host.Jails;
import dev.rackhouse.simulator.host.SimulatedMachine;
import dev.rackhouse.simulator.host.SshKeys;
import dev.rackhouse.simulator.pve.LocalAnswer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API's interfaces and the files of the machine say the same, whoever changed them. */
class NetworkAgreementTest {
    private static final String STAGED = "/etc/network/interfaces.new";

    @TempDir
    Path folder;

    private RunningLab lab;

    @BeforeEach
    void start() throws Exception {
        String key = SshKeys.line(SshKeys.fresh().getPublic(), "test");
        Jails jails = new Jails(folder.resolve("jails"));
        lab = RunningLab.start(
                LabPlan.packed("targaryen").orElseThrow(), new RunningLab.Common(jails, folder, 0, 500, key));
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private SimulatedMachine meraxes() {
        return lab.host("meraxes").orElseThrow();
    }

    private Object call(String method, String path, Map<String, List<String>> form) {
        LocalAnswer answer = lab.proxmox().orElseThrow().local("meraxes", method, "/nodes/meraxes/" + path, form);
        assertThat(answer.succeeded()).as(answer.message() + answer.errors()).isTrue();
        return answer.data();
    }

    private Map<?, ?> bridge(String name) {
        return ((List<?>) call("GET", "network", Map.of()))
                .stream()
                        .map(row -> (Map<?, ?>) row)
                        .filter(row -> name.equals(row.get("iface")))
                        .findFirst()
                        .orElse(Map.of());
    }

    private static void eventually(BooleanSupplier question) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (!question.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Test
    void theChangeStagedInTheDumpIsShownAndGoesLiveWithTheReboot() {
        Map<?, ?> staged = bridge("vmbr1");

        call("POST", "status", Map.of("command", List.of("reboot")));
        eventually(() -> !lab.proxmox().orElseThrow().isUp("meraxes"));
        eventually(() -> lab.proxmox().orElseThrow().isUp("meraxes"));
        eventually(() -> ((Map<?, ?>) call("GET", "qemu/200/status/current", Map.of()))
                .get("status")
                .equals("running"));

        assertThat(staged.get("bridge_vids")).isEqualTo("110 120 130");
        assertThat(bridge("vmbr1")).isEqualTo(staged);
        assertThat(meraxes().file(STAGED)).isEmpty();
        assertThat(meraxes().file("/etc/network/interfaces")).contains("bridge-vids 110 120 130");
    }

    @Test
    void droppingTheStageTakesTheFileAway() {
        call("DELETE", "network", Map.of());

        assertThat(meraxes().file(STAGED)).isEmpty();
        assertThat(bridge("vmbr1").get("bridge_vids")).isEqualTo("110 120");
    }

    @Test
    void whatTheApiStagesLiesInTheFile() {
        call("POST", "network", Map.of("iface", List.of("vmbr9"), "type", List.of("bridge")));

        assertThat(meraxes().file(STAGED)).contains("iface vmbr9 inet manual").contains("bridge-vids 110 120 130");
    }

    @Test
    void whatSomebodyStagesInTheFileIsShownByTheApi() {
        String live = meraxes().file("/etc/network/interfaces");
        lab.control(
                "meraxes",
                Map.of("writeFile", Map.of("path", STAGED, "content", live.replace("10.0.50.42", "10.0.50.43"))));

        assertThat(bridge("vmbr1").get("address")).isEqualTo("10.0.50.43");
    }

    @Test
    void rowsReadFromTheLiveFileAreThoseOfTheSeed() {
        call("DELETE", "network", Map.of());
        Map<?, ?> seeded = bridge("vmbr0");
        String live = meraxes().file("/etc/network/interfaces");

        lab.control(
                "meraxes", Map.of("writeFile", Map.of("path", "/etc/network/interfaces", "content", live + "\n\n")));

        assertThat(bridge("vmbr0")).isEqualTo(seeded);
    }
}
