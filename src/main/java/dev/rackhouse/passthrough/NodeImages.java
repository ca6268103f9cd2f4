package dev.rackhouse.passthrough;

import dev.rackhouse.passthrough.PassthroughPlan.Download;
import dev.rackhouse.passthrough.PassthroughPlan.Image;
import dev.rackhouse.runbook.Check;
import dev.rackhouse.runbook.Command.Shell;
import dev.rackhouse.runbook.Conditions;
import dev.rackhouse.runbook.Host;
import java.time.Duration;

/**
 * Images as files of a node, for Proxmox VE 8.0 to 8.3, whose API neither downloads nor imports them. {@code R} is the root prefix of
 * the pretend labs; empty on real nodes.
 */
final class NodeImages {

    private static final Duration LOOK = Duration.ofMinutes(2);

    private final Host node;
    private final Image image;

    NodeImages(Host node, Image image) {
        this.node = node;
        this.image = image;
    }

    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private String file() {
        return "\"${R:-}\"" + quoted(image.volume());
    }

    /** Under its name it stands only when its checksum is right; Proxmox itself needs wget, so at least that is there. */
    Shell download(Download download) {
        return new Shell(
                node,
                """
                f=%1$s
                mkdir -p "${f%%/*}" || exit 1
                if command -v wget >/dev/null 2>&1; then
                  wget -nv --tries=3 --timeout=60 -O "$f.part" -- %2$s
                else
                  curl -fsSL --retry 3 --connect-timeout 60 -o "$f.part" -- %2$s
                fi || { rm -f "$f.part"; echo 'The node could not download the image: check the address, and its network, name server and proxy.' >&2; exit 1; }
                if echo %3$s" *$f.part" | %4$ssum -c --status -; then
                  mv "$f.part" "$f"
                else
                  rm -f "$f.part"
                  echo 'The file that came has another checksum than the publisher says. It was removed.' >&2
                  exit 1
                fi
                """.formatted(file(), quoted(download.url()), quoted(download.checksum()), download.algorithm()),
                Duration.ofMinutes(58));
    }

    /** The file is there, and is what the publisher made. */
    Check liesThere() {
        Download download = image.download();
        String script = download == null
                ? "[ -f " + file() + " ]\n"
                : "f=" + file() + "\n[ -f \"$f\" ] && echo " + quoted(download.checksum()) + "\" *$f\" | "
                        + download.algorithm() + "sum -c --status -\n";
        return Check.that(new Shell(node, script, LOOK), Conditions.exitZero());
    }

    /** Its folder goes too when nothing else is in it. */
    Shell remove() {
        return new Shell(
                node,
                "f=" + file() + "\nrm -f \"$f\" && { rmdir --ignore-fail-on-non-empty \"${f%/*}\" || true; }\n",
                LOOK);
    }

    Check isGone() {
        return Check.that(new Shell(node, "[ ! -e " + file() + " ]\n", LOOK), Conditions.exitZero());
    }
}
