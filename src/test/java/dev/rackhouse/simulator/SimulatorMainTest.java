package dev.rackhouse.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.testing.SimulatorProcess;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The simulator as a program: what it prints, writes and keeps. */
class SimulatorMainTest {
    @TempDir
    Path folder;

    @Test
    void aRestartedSimulatorKeepsAddressesKeysAndSecrets() throws Exception {
        String base = Integer.toString(freeBlock());
        JsonNode before;
        try (SimulatorProcess first = SimulatorProcess.start(folder, "bare", "--port-base", base)) {
            before = first.ready();
            first.kill();
        }
        try (SimulatorProcess second = SimulatorProcess.start(folder, "bare", "--port-base", base)) {
            JsonNode lab = second.ready().get("labs").get("bare");
            assertThat(lab.get("proxmox"))
                    .isEqualTo(before.get("labs").get("bare").get("proxmox"));
            assertThat(lab.get("hosts"))
                    .isEqualTo(before.get("labs").get("bare").get("hosts"));

            Path labsFile = Path.of(second.ready().get("labsFile").asString());
            assertThat(Files.readString(labsFile))
                    .contains("name: bare")
                    .contains("secret: { file: secrets/bare-token }");
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(folder.resolve("secrets/bare-token"))))
                    .isEqualTo("rw-------");
            assertThat(get(second.ready().get("control").asString() + "/counters"))
                    .contains("\"bare\"");
            assertThat(get(second.ready().get("image").get("url").asString())).startsWith("QFI");
        }
        Files.walk(folder.resolve("jails"))
                .filter(Files::isSymbolicLink)
                .forEach(link -> link.toFile().delete());
    }

    @Test
    void aWrongCommandLineIsExplained() {
        assertThatThrownBy(() -> Options.parse(new String[] {"--nodes", "many"}))
                .hasMessage("--nodes wants a number, not many");
        assertThatThrownBy(() -> Options.parse(new String[] {"--guests", "5"})).hasMessage("--guests needs --nodes");
        assertThat(Options.parse(new String[0]).labs()).isEqualTo(Options.DEMO_LABS);
    }

    private static String get(String address) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static int freeBlock() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return 20_000 + socket.getLocalPort() % 10_000;
        }
    }
}
