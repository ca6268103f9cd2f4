package dev.rackhouse.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.base.StartRefused;
import dev.rackhouse.proxmox.Fingerprint;
import dev.rackhouse.ssh.HostKey;
import dev.rackhouse.ssh.SshKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labs declared in a file, and what is said when the file is wrong. */
class LabsFileTest {

    private static final String PRINT = "AB:".repeat(31) + "AB";
    private static final String HOST_KEY = "SHA256:" + "b".repeat(43);
    private static final String GOOD = """
            labs:
              - name: Targaryen
                proxmox:
                  urls: ["https://127.0.0.1:18006", "https://127.0.0.1:18007"]
                  token: "rackhouse@pve!console"
                  secret: { env: SECRET }
                  fingerprint: "%s"
                hosts:
                  - node: caraxes
                    address: 127.0.0.1
                    port: 12201
                    user: root
                    key: { file: id }
                    hostKey: "%s"
                  - node: meraxes
                    address: 10.0.0.2
                    hostKey: "%s"
                    jump: caraxes
            """.formatted(PRINT, HOST_KEY, HOST_KEY);

    @TempDir
    Path folder;

    private SshKey key;

    @BeforeEach
    void keys() throws IOException {
        key = SshKey.generate("x");
        Files.writeString(folder.resolve("id"), key.privateKey().reveal());
    }

    @Test
    void readsEverythingAndFetchesSecrets() throws IOException {
        LabsFile.Declared lab = read(GOOD).getFirst();

        var proxmox = lab.proxmox();
        assertThat(lab.name()).isEqualTo("Targaryen");
        assertThat(proxmox.secret().reveal()).isEqualTo("s3cret");
        assertThat(proxmox.side().trust()).isEqualTo(ProxmoxSide.Trust.PINNED);
        assertThat(proxmox.side().doors())
                .containsExactly(
                        new ProxmoxSide.Door(URI.create("https://127.0.0.1:18006"), Fingerprint.parse(PRINT)),
                        new ProxmoxSide.Door(URI.create("https://127.0.0.1:18007"), Fingerprint.parse(PRINT)));
        assertThat(lab.hosts().get(0).ownKey().fingerprint()).isEqualTo(key.fingerprint());
        assertThat(lab.hosts().get(1).port()).isEqualTo(22);
        assertThat(lab.hosts().get(1).user()).isEqualTo("root");
        assertThat(lab.hosts().get(1).hostKey()).isEqualTo(new HostKey(HOST_KEY));
        assertThat(lab.hosts().get(1).jump()).isEqualTo("caraxes");
        assertThat(lab.toString()).doesNotContain("s3cret").doesNotContain("BEGIN");
    }

    @Test
    void aLabMayNameTheKeyThatOpensItsGuests() throws IOException {
        LabsFile.Declared lab = read(GOOD.replace("    hosts:", "    key: { file: id }\n    hosts:"))
                .getFirst();

        assertThat(lab.key().fingerprint()).isEqualTo(key.fingerprint());
        assertThat(read(GOOD).getFirst().key()).isNull();
    }

    @Test
    void namesFileLabAndKeyOfWhatIsWrong() {
        refuses(
                GOOD.replace("env: SECRET", "env: NOWHERE"),
                "lab Targaryen, proxmox.secret",
                "NOWHERE, which is not set");
        refuses(GOOD.replace("file: id", "file: nothing"), "lab Targaryen, hosts[1].key", "cannot be read");
        refuses(GOOD.replace("jump: caraxes", "jump: vhagar"), "lab Targaryen", "through vhagar, which is no host");
        refuses(GOOD.replace("port: 12201", "port: 99999"), "lab Targaryen, hosts[1]", "99999 is no port");
        refuses(GOOD.replace(PRINT, "AB:CD"), "lab Targaryen, proxmox.fingerprint", "no SHA-256 fingerprint");
        refuses(
                GOOD.replace("token: \"rackhouse@pve!console\"", "token: root"),
                "lab Targaryen, proxmox",
                "no token id");
        refuses(GOOD.replace("    hosts:", "    machines:"), "lab Targaryen", "the key 'machines'");
        refuses(GOOD.replace("fingerprint:", "authority: { env: SECRET }\n      fingerprint:"), "exactly one of");
        refuses(GOOD + GOOD.substring(GOOD.indexOf("  - name")), "lab Targaryen", "twice");
        refuses("labs: 3", "labs", "no list");
        refuses("labs: [", "no YAML");
        assertThatThrownBy(() -> new LabsFile(folder.resolve("none.yml"), name -> null).read())
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("none.yml");
    }

    private void refuses(String yaml, String... parts) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("labs.yml")
                .hasMessageContainingAll(parts);
    }

    private List<LabsFile.Declared> read(String yaml) throws IOException {
        return new LabsFile(Files.writeString(folder.resolve("labs.yml"), yaml), Map.of("SECRET", "s3cret")::get)
                .read();
    }
}
