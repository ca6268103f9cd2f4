package dev.rackhouse.ssh;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.shell.ProcessShellFactory;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** A real SSH server on loopback that accepts one key. Runs commands on this machine. */
public interface TestSshServer extends AutoCloseable {

    int port();

    HostKey hostKey();

    String user();

    void stop();

    void start();

    @Override
    default void close() {
        stop();
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Apache MINA SSHD in this process. */
    final class Mina implements TestSshServer {
        private final SshKey host = SshKey.generate("host");
        private final SshKey accepted;
        private final int port = freePort();
        private final String before;
        private SshServer server;

        public Mina(SshKey accepted) {
            this.accepted = accepted;
            this.before = "";
        }

        /** @param tools a folder whose programs are found before those of this machine */
        public Mina(SshKey accepted, Path tools) {
            this.accepted = accepted;
            this.before = "PATH='" + tools + "':$PATH; export PATH\n";
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public HostKey hostKey() {
            return HostKey.parse(host.publicLine());
        }

        @Override
        public String user() {
            return "root";
        }

        @Override
        public void start() {
            try {
                server = SshServer.setUpDefaultServer();
                server.setHost("127.0.0.1");
                server.setPort(port);
                server.setKeyPairProvider(KeyPairProvider.wrap(SecurityUtils.loadKeyPairIdentities(
                        null,
                        () -> "host",
                        new ByteArrayInputStream(host.privateKey().reveal().getBytes(StandardCharsets.US_ASCII)),
                        null)));
                var allowed = AuthorizedKeyEntry.parseAuthorizedKeyEntry(accepted.publicLine())
                        .resolvePublicKey(null, null);
                server.setPublickeyAuthenticator((user, key, session) -> KeyUtils.compareKeys(key, allowed));
                server.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
                server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
                server.setCommandFactory(
                        (channel, command) -> shell(before + command).createShell(channel));
                server.start();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        /** MINA runs the first argument by a shell of its own choice, whatever the others say. */
        private static ProcessShellFactory shell(String command) {
            return new ProcessShellFactory(command, "/bin/sh", "-c", command);
        }

        @Override
        public void stop() {
            try {
                server.stop(true);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Debian's OpenSSH server with a configuration of its own. */
    final class OpenSsh implements TestSshServer {
        private static final Path SSHD = Path.of("/usr/sbin/sshd");
        private final SshKey host = SshKey.generate("host");
        private final Path folder;
        private final int port = freePort();
        private Process process;

        public OpenSsh(SshKey accepted) {
            if (!Files.isExecutable(SSHD)) {
                throw new IllegalStateException(
                        "This test runs the console's SSH client against a real OpenSSH server, and " + SSHD
                                + " is not there. Install it: apt-get install --no-install-recommends openssh-server");
            }
            try {
                folder = Files.createTempDirectory("rackhouse-sshd");
                Path key = Files.writeString(
                        folder.resolve("host"), host.privateKey().reveal());
                Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
                Files.writeString(folder.resolve("authorized"), accepted.publicLine() + "\n");
                Files.writeString(folder.resolve("config"), """
                        Port %d
                        ListenAddress 127.0.0.1
                        HostKey %s
                        AuthorizedKeysFile %s
                        PidFile none
                        UsePAM no
                        StrictModes no
                        PasswordAuthentication no
                        PermitRootLogin prohibit-password
                        AllowTcpForwarding yes
                        Subsystem sftp internal-sftp
                        """.formatted(port, key, folder.resolve("authorized")));
                if (isRoot()) {
                    Files.createDirectories(Path.of("/run/sshd"));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static boolean isRoot() {
            return System.getProperty("user.name").equals("root");
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public HostKey hostKey() {
            return HostKey.parse(host.publicLine());
        }

        @Override
        public String user() {
            return System.getProperty("user.name");
        }

        @Override
        public void start() {
            try {
                process = new ProcessBuilder(
                                SSHD.toString(),
                                "-D",
                                "-e",
                                "-f",
                                folder.resolve("config").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
                Instant deadline = Instant.now().plus(Duration.ofSeconds(10));
                while (!answers()) {
                    if (Instant.now().isAfter(deadline) || !process.isAlive()) {
                        throw new IllegalStateException(
                                "sshd does not come up: " + Files.readString(folder.resolve("log")));
                    }
                    Thread.onSpinWait();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private boolean answers() {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                return socket.getInputStream().read() == 'S';
            } catch (IOException notYet) {
                return false;
            }
        }

        @Override
        public void stop() {
            List<ProcessHandle> sessions = process.descendants().toList();
            process.destroy();
            sessions.forEach(ProcessHandle::destroy);
            try {
                process.waitFor(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
