package dev.rackhouse.simulator.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands of pretend machines that are no guests: the Docker host with cards of its own, and a node that downloads. */
class HostSoftwareTest {
    @TempDir
    Path folder;

    @Test
    void heliumComputesWithoutAHypervisor() {
        try (TestHost helium = TestHost.of("home", "helium", folder)) {
            assertThat(helium.run("nvidia-smi --query-gpu=uuid,name,power.limit --format=csv,noheader,nounits", "")
                            .out())
                    .isEqualTo("""
                            GPU-11d0a8b2-91c4-7a02-5c11-5f00aa000001, Quadro RTX 5000, 230.00
                            GPU-11d0a8b2-91c4-7a02-5c11-5f00aa000002, Quadro RTX 5000, 230.00
                            """);
            assertThat(helium.run("nvidia-smi topo -m", "").out()).contains("GPU0\t X \tNV2\t0-15\t0\t\tN/A");
            assertThat(helium.run("docker run --rm --gpus all ubuntu:24.04 nvidia-smi -L", "")
                            .out())
                    .contains("5f00aa000002");
            assertThat(helium.run("docker run --rm ubuntu:24.04 nvidia-smi -L", "")
                            .code())
                    .isEqualTo(127);
        }
    }

    @Test
    void aNodeDownloadsWhatIsReallyThere() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/image", exchange -> {
            byte[] body = "an image".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/image";
        try (TestHost pve = TestHost.of("bare", "pve", folder)) {
            assertThat(pve.run("wget -nv -O ${R:-}/var/lib/x.part -- " + url, "")
                            .code())
                    .isZero();
            assertThat(pve.run("cat ${R:-}/var/lib/x.part", "").out()).isEqualTo("an image");
            assertThat(pve.run("curl -fsSL -o ${R:-}/var/lib/y " + url.replace("image", "nothing"), "")
                            .code())
                    .isEqualTo(22);
            assertThat(pve.run("wget -O ${R:-}/var/lib/z https://images.example/x", "")
                            .err())
                    .contains("unable to resolve host address");
        } finally {
            server.stop(0);
        }
    }
}
