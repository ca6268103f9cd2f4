package dev.rackhouse.runbook;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The wrapper under which a script runs on a host, so that it outlives our connection and is never run twice. In a folder of its
 * own below {@code /var/lib/rackhouse/steps} lie the script, its output ({@code out}, {@code err}) and, once it has ended, its exit
 * code ({@code rc}). Whoever makes the
 * link {@code claim} first, which tells its process and boot, runs the script; starting it again attaches. Where we are not root,
 * the folder is below the home of the user.
 *
 * <p>Needs a POSIX shell with cat, mkdir, mv, ln, head, tail, wc, kill; uses systemd-run or setsid, and timeout, where they are. {@code R}
 * is the root prefix of the pretend labs; empty on real hosts.
 *
 * @param name letters, digits, dots and hyphens; the same for the same attempt of the same step, unique on the host
 */
record ShellStep(String name) {

    private static final int CHUNK = 64 * 1024;
    private static final int RESULT = 256 * 1024;

    private static final String FOLDER = """
            b="${R:-}/var/lib/rackhouse/steps"; n='%s'
            u=$(id -u); [ -n "${R:-}" ] && u=0
            [ -d "$b/$n" ] || { [ "$u" = 0 ] && mkdir -p "$b" 2>/dev/null; } || b="${HOME:-/tmp}/.local/state/rackhouse/steps"
            d="$b/$n"
            """;

    private static final String START = """
            umask 077
            mkdir -p "$d" || exit 97
            [ -e "$d/claim" ] && exit 0
            cat >"$d/script.$$" && mv "$d/script.$$" "$d/script" || exit 97
            cat >"$d/run.$$" <<'RUN'
            d=${0%%/*}
            boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)
            echo "$$ ${boot:--}" >"$d/me.$$"
            ln "$d/me.$$" "$d/claim" 2>/dev/null || exit 0
            if command -v timeout >/dev/null 2>&1; then
              timeout -k 10 %d sh "$d/script" >"$d/out" 2>"$d/err" </dev/null
            else
              sh "$d/script" >"$d/out" 2>"$d/err" </dev/null
            fi
            echo $? >"$d/rc.new"
            mv "$d/rc.new" "$d/rc"
            RUN
            mv "$d/run.$$" "$d/run" || exit 97
            if [ "$u" = 0 ] && command -v systemd-run >/dev/null 2>&1 && systemd-run --quiet --collect \\
                --unit="rackhouse-$n" --setenv=HOME="${HOME:-/root}" ${R:+--setenv=R="$R"} /bin/sh "$d/run" </dev/null >/dev/null 2>&1
            then exit 0; fi
            if command -v setsid >/dev/null 2>&1; then
              setsid sh "$d/run" </dev/null >/dev/null 2>&1 &
            else
              nohup sh "$d/run" </dev/null >/dev/null 2>&1 &
            fi
            """;

    private static final String LOOK = """
            s=lost; c=-
            if [ -e "$d/rc" ]; then s=done
            elif [ ! -e "$d/claim" ]; then s=absent
            else
              read -r p o <"$d/claim"
              boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)
              if [ "$o" = "${boot:--}" ] && kill -0 "$p" 2>/dev/null; then s=running; fi
              [ -e "$d/rc" ] && s=done
            fi
            if [ $s = done ]; then c=$(cat "$d/rc"); fi
            z=$(cat "$d/out" 2>/dev/null | wc -c)
            echo "rackhouse $s $c" $z
            if [ $s = done ]; then
              head -c %2$d "$d/err" >&2
              head -c %2$d "$d/out"
            else
              tail -c +$((%1$d + 1)) "$d/out" 2>/dev/null | head -c %3$d
            fi
            """;

    /** How a script stands on its host. */
    enum Standing {
        RUNNING,
        DONE,
        /** Never begun. */
        ABSENT,
        /** Begun, not ended, and its process is gone: the host was restarted or somebody ended it. */
        LOST
    }

    /**
     * What a look found.
     *
     * @param exitCode null unless done
     * @param output all of it when done (bounded), else what came after the offset
     */
    record Look(Standing standing, @Nullable Integer exitCode, String output, String error) {}

    /** Idempotent: starts the script that comes on standard input, or leaves the one alone that was started before. */
    String startCommand(Duration timeout) {
        return FOLDER.formatted(name) + START.formatted(timeout.toSeconds());
    }

    /** @param offset bytes of output known already */
    String lookCommand(long offset) {
        return FOLDER.formatted(name) + LOOK.formatted(offset, RESULT, CHUNK);
    }

    /** Removes what steps of one run left on a host; our folders too, when nothing else lies there. */
    static String removeCommand(String prefix) {
        return "for b in \"${R:-}/var/lib/rackhouse/steps\" \"${HOME:-/tmp}/.local/state/rackhouse/steps\"; do rm -rf \"$b\"/'"
                + prefix
                + "'.*; [ ! -d \"$b\" ] || rmdir \"$b\" \"${b%/*}\" 2>/dev/null; done; true";
    }

    /** @return null when the answer is not what the command prints */
    static @Nullable Look parse(Answer answer) {
        String text = answer.text();
        int end = text.indexOf('\n');
        String[] head = (end < 0 ? text : text.substring(0, end)).split(" ");
        if (head.length < 3 || !head[0].equals("rackhouse")) {
            return null;
        }
        String rest = end < 0 ? "" : text.substring(end + 1);
        return switch (head[1]) {
            case "running" -> new Look(Standing.RUNNING, null, rest, answer.error());
            case "absent" -> new Look(Standing.ABSENT, null, "", "");
            case "lost" -> new Look(Standing.LOST, null, rest, answer.error());
            case "done" ->
                head[2].matches("\\d{1,3}")
                        ? new Look(Standing.DONE, Integer.valueOf(head[2]), rest, answer.error())
                        : null;
            default -> null;
        };
    }

    /** How many bytes of a chunk are whole lines. */
    static int wholeLines(String chunk) {
        return chunk.substring(0, chunk.lastIndexOf('\n') + 1).getBytes(StandardCharsets.UTF_8).length;
    }
}
