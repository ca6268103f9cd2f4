package dev.rackhouse.ssh;

import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.schmizz.sshj.connection.channel.direct.Session;

/**
 * The process group behind a command line, so that it can be ended.
 *
 * <p>SSH's own signal has no effect on root's sessions with OpenSSH, and closing the channel does not end the remote work (measured
 * with OpenSSH 9.2 and SSHJ 0.40). So the first thing that the command line prints, on standard error, is the id of its shell, which
 * sshd made leader of a process group; to cancel, a second channel ends that group.
 */
final class RemoteProcess {

    private static final Duration GRACE = Duration.ofSeconds(5);

    /**
     * Ends group {@code $g}; where the server did not make the shell leader of one, the shell and all that descends from it.
     */
    private static final String KILL = """
            tree() { echo "$1"; for k in $(ps -A -o pid= -o ppid= | awk -v p="$1" '$2 == p { print $1 }'); do tree "$k"; done; }
            all() { if kill -s 0 -- -$g 2>/dev/null; then echo -$g; else tree $g 2>/dev/null; fi; }
            t=$(all)
            alive() { for p in $t; do kill -s 0 -- $p 2>/dev/null && return 0; done; return 1; }
            for p in $t; do kill -s TERM -- $p 2>/dev/null; done
            while [ $n -lt 50 ] && alive; do sleep 0.1; n=$((n + 1)); done
            for p in $(all); do kill -s KILL -- $p 2>/dev/null; done
            exit 0
            """;

    private final String mark = "rackhouse-" + UUID.randomUUID() + " ";
    private final CompletableFuture<String> id = new CompletableFuture<>();

    /** The command line that also tells its id. */
    String telling(String commandLine) {
        return "printf '%s\\n' \"" + mark + "$$\" >&2\n" + commandLine;
    }

    /** Whether this line of standard error told the id; then it is not for others. */
    boolean told(String line) {
        return line.startsWith(mark)
                && id.complete(line.substring(mark.length()).strip());
    }

    /** Ends it with all that it started, over a second channel; blocks up to about ten seconds. */
    void end(SharedHost host) throws IOException, InterruptedException, ExecutionException, TimeoutException {
        String pid = id.get(2, TimeUnit.SECONDS);
        if (pid.matches("[1-9]\\d{0,9}")) {
            try (Session second = host.session()) {
                Session.Command killing = second.exec("g=" + pid + "; n=0\n" + KILL);
                killing.join(GRACE.toSeconds() + 4, TimeUnit.SECONDS);
            }
        }
    }
}
