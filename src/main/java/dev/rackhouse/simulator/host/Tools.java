package dev.rackhouse.simulator.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The real machine's programs that a pretend machine may use: a shell and what every Debian has. Anything else is "not found". */
final class Tools {
    private static final List<String> NAMES = List.of(
            ("sh dash bash cat cp mv rm ln ls mkdir rmdir mktemp mkfifo touch chmod chown chgrp stat readlink realpath"
                            + " basename dirname head tail cut tr sort uniq wc tee od date id sleep timeout env printf"
                            + " echo test [ true false expr seq sed grep egrep fgrep awk find xargs tar gzip gunzip zcat"
                            + " xz zstd sha256sum sha1sum md5sum base64 cmp diff nohup setsid flock sync install dd"
                            + " comm join paste split truncate tac nl fold rev getent which printenv pwd kill numfmt"
                            + " chroot mountpoint cksum shuf unlink yes nproc whoami hexdump strings")
                    .split(" "));
    private static final List<String> FOLDERS = List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin");

    private Tools() {}

    /** Name to real place, for those that this machine has. */
    static Map<String, Path> found() {
        Map<String, Path> found = new LinkedHashMap<>();
        for (String name : NAMES) {
            for (String folder : FOLDERS) {
                Path program = Path.of(folder, name);
                if (Files.isExecutable(program)) {
                    found.put(name, real(program));
                    break;
                }
            }
        }
        return found;
    }

    private static Path real(Path program) {
        try {
            return program.toRealPath();
        } catch (java.io.IOException unreadable) {
            return program;
        }
    }
}
