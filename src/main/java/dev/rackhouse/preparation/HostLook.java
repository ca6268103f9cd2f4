package dev.rackhouse.preparation;

import java.util.List;

/**
 * The script that reads all files which a preparation may touch, in one round trip: path, owner, mode, checksum and content. Needs a
 * POSIX shell and coreutils; changes nothing. {@code R} is the root prefix of the pretend labs; empty on real hosts.
 */
final class HostLook {

    /** Files that are asked for by name. */
    static final List<String> FILES = List.of(
            HostFiles.GRUB,
            HostFiles.CMDLINE,
            HostFiles.MODULES,
            HostFiles.INITRAMFS_MODULES,
            EarlyBinding.SCRIPT,
            EarlyBinding.UDEV,
            EarlyBinding.MODPROBE,
            EarlyBinding.MODULES_LOAD);

    /** Folders into which files may be written, or that the run makes for itself. */
    static final List<String> FOLDERS = List.of(
            "/etc/initramfs-tools",
            "/etc/initramfs-tools/scripts",
            "/etc/initramfs-tools/scripts/init-top",
            "/etc/modprobe.d",
            "/etc/modules-load.d",
            "/etc/systemd",
            "/etc/systemd/system",
            "/etc/udev",
            "/etc/udev/rules.d",
            "/var/backups",
            "/var/backups/rackhouse",
            "/var/lib/rackhouse",
            "/var/lib/rackhouse/revert");

    private HostLook() {}

    static String script() {
        return """
                R=${R:-}
                look() {
                  case $1 in *[!A-Za-z0-9._/@+-]*) return;; esac
                  f=$R$1
                  [ -e "$f" ] || return
                  [ -f "$f" ] || { echo "other $1"; return; }
                  [ "$(stat -L -c %%s "$f")" -le %d ] || { echo "large $1"; return; }
                  set -- "$1" $(stat -L -c '%%u:%%g %%a' "$f") $(sha256sum "$f" | cut -d' ' -f1)
                  echo "file $1 $2 $3 $4 $(base64 -w0 "$f")"
                }
                for p in %s; do look $p; done
                for f in "$R"/etc/default/grub.d/*.cfg "$R"/etc/modprobe.d/*.conf "$R"/etc/modules-load.d/*.conf; do
                  p=${f#"$R"}
                  case " %s " in *" $p "*) ;; *) look "$p";; esac
                done
                for p in %s; do [ -d "$R$p" ] && echo "folder $p"; done
                for f in "$R"/boot/vmlinuz-*; do [ -e "$f" ] && echo "kernel ${f##*/vmlinuz-}"; done
                echo end
                """.formatted(
                        HostFiles.LARGEST_BYTES,
                        String.join(" ", FILES),
                        String.join(" ", FILES),
                        String.join(" ", FOLDERS));
    }
}
