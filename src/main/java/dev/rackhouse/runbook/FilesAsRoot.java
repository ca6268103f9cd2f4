package dev.rackhouse.runbook;

import dev.rackhouse.base.RemoteFailure;
import dev.rackhouse.ssh.CommandResult;
import dev.rackhouse.ssh.RemoteFiles;
import dev.rackhouse.ssh.SshHost;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Files of a guest in which we signed in as somebody who may use sudo: SFTP has only that person's rights, so they are read and
 * written by small scripts, the content on standard input. A file is put there as a whole or not at all. Folders must exist. {@code R}
 * is the root prefix of the pretend labs; empty in real guests.
 */
final class FilesAsRoot {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int ABSENT = 44;

    private static final String HEAD = """
            f="${R:-}"%s
            as_root=
            [ "$(id -u)" = 0 ] || [ -n "${R:-}" ] || as_root='sudo -n'
            $as_root true || exit 97
            """;

    private static final String READ = """
            $as_root test -e "$f" || exit 44
            $as_root cat "$f"
            """;

    /** An existing file keeps its owner and mode; what a link points to is replaced. */
    private static final String WRITE = """
            if $as_root test -L "$f"; then f=$($as_root readlink -f "$f") || exit 1; fi
            t="${f%%/*}/.rackhouse-$$-${f##*/}"
            $as_root sh -c 'umask 077; cat >"$1"' sh "$t" || exit 1
            if $as_root test -e "$f"; then
              $as_root chown --reference="$f" "$t" && $as_root chmod --reference="$f" "$t"
            else
              { [ -n "${R:-}" ] || $as_root chown %1$s "$t"; } && $as_root chmod %2$s "$t"
            fi && $as_root mv -T "$t" "$f" || { $as_root rm -f "$t"; exit 1; }
            """;

    private static final String DELETE = """
            $as_root rm -f "$f"
            """;

    private final SshHost host;

    FilesAsRoot(SshHost host) {
        this.host = host;
    }

    /** The content; null when there is none. */
    @Nullable
    String read(String path) {
        CommandResult result = run(path, READ, new byte[0]);
        if (result.exitCode() == ABSENT) {
            return null;
        }
        return new String(succeeded("read " + path, result).stdout(), StandardCharsets.UTF_8);
    }

    /** @param mode octal, for a new file */
    void write(String path, byte[] content, RemoteFiles.Owner owner, int mode) {
        String script = WRITE.formatted(owner.uid() + ":" + owner.gid(), String.format(Locale.ROOT, "%04o", mode));
        succeeded("write " + path, run(path, script, content));
    }

    void delete(String path) {
        succeeded("remove " + path, run(path, DELETE, new byte[0]));
    }

    private CommandResult run(String path, String script, byte[] stdin) {
        return host.run(HEAD.formatted("'" + path.replace("'", "'\\''") + "'") + script, stdin, LIMIT);
    }

    private CommandResult succeeded(String doing, CommandResult result) {
        if (result.succeeded()) {
            return result;
        }
        String said = Redaction.oneLine(result.err());
        throw new RemoteFailure.Refused(
                doing,
                host.machine(),
                "exit code " + result.exitCode() + (said.isBlank() ? "" : ": " + said),
                "The user must be root, or may use sudo without a password.",
                result.exitCode(),
                false);
    }
}
