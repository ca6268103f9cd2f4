package dev.rackhouse.integration;

import dev.rackhouse.ssh.HostKeyTrust;
import dev.rackhouse.ssh.SshHost;
import dev.rackhouse.ssh.SshKey;
import dev.rackhouse.ssh.SshSessions;
import dev.rackhouse.ssh.SshTarget;
import dev.rackhouse.ssh.TestSshServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A machine with SSH whose {@code docker} takes one request on standard input and answers with the bytes it was given. It takes the
 * request even when it only complains: MINA's server loses what a process said that ended before its input was written (2.20, {@code
 * InvertedShellWrapper.pumpStreams}; OpenSSH does not).
 */
public final class PretendDocker implements AutoCloseable {

    private static final String DOCKER = """
            #!/bin/sh
            cd '%s'
            echo "$@" > words
            : > request
            length=0
            while IFS= read -r line; do
              line=$(printf '%%s' "$line" | tr -d '\\r')
              echo "$line" >> request
              case $line in 'Content-Length: '*) length=${line#*: };; '') break;; esac
            done
            [ "$length" -gt 0 ] && head -c "$length" >> request
            [ -f errors ] && { cat errors >&2; exit 1; }
            cat answer
            [ -f silence ] && exec sleep 600
            exit 0
            """;

    private final Path folder;
    private final TestSshServer server;
    private final SshSessions sessions = new SshSessions();
    private final SshKey key = SshKey.generate("test");

    /** @param folder empty */
    public PretendDocker(Path folder) throws IOException {
        this.folder = folder;
        program("docker", DOCKER.formatted(folder));
        program("sudo", "#!/bin/sh\nprintf '%s' \"$1\" > '" + folder + "/sudo-word'\nshift\nexec \"$@\"\n");
        this.server = new TestSshServer.Mina(key, folder);
        server.start();
    }

    public SshHost host() {
        return sessions.open(new SshTarget(
                "thor",
                "127.0.0.1",
                server.port(),
                server.user(),
                key,
                new HostKeyTrust.Pinned(server.hostKey()),
                null));
    }

    /** What it answers with, byte by byte; then it ends. */
    public void answers(byte[] bytes) throws IOException {
        Files.write(folder.resolve("answer"), bytes);
    }

    public void answers(String text) throws IOException {
        answers(text.getBytes(StandardCharsets.UTF_8));
    }

    /** After the answer it stays and says nothing. */
    public void fallsSilent() throws IOException {
        Files.writeString(folder.resolve("silence"), "");
    }

    /** It says this on standard error and ends. */
    public void complains(String errors) throws IOException {
        Files.writeString(folder.resolve("errors"), errors);
    }

    /** The request that came, lines ended by a line feed. */
    public String request() throws IOException {
        return Files.readString(folder.resolve("request"));
    }

    /** A file it wrote: {@code words}, {@code sudo-word}. */
    public String wrote(String name) throws IOException {
        return Files.readString(folder.resolve(name)).strip();
    }

    private void program(String name, String script) throws IOException {
        Path program = Files.writeString(folder.resolve(name), script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Override
    public void close() {
        sessions.close();
        try {
            server.close();
        } catch (RuntimeException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
