package dev.rackhouse.guestsetup;

import java.util.List;

/**
 * The scripts that set a guest up. They run commands only; files are written as file edits. Names in them come from a validated plan.
 * {@code R} is the root prefix of the pretend labs; empty in real guests.
 */
final class SetupScripts {

    static final String DAEMON = "/etc/docker/daemon.json";
    static final String CDI = "/etc/cdi/nvidia.yaml";

    private static final String AS_ROOT = """
            as_root=
            [ "$(id -u)" = 0 ] || [ -n "${R:-}" ] || as_root='sudo -n'
            """;

    /** What apt said is printed; why it failed is said once more, in words that help. */
    private static final String APT = AS_ROOT + """
            apt() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 "$@" 2>&1; }
            told() {
              said=$1; code=$2
              printf '%s\\n' "$said"
              [ "$code" = 0 ] && return 0
              case $said in
                *'not signed'*|*NO_PUBKEY*) echo 'The repository is not signed by the key that stands beside it: check the address of the repository and its key in the settings.' ;;
                *'enough free space'*|*'No space left'*) echo 'The disk of the guest is full: make it larger, or free some space.' ;;
                *'Could not get lock'*) echo 'Another program installs packages in the guest and did not end within ten minutes: let it finish, then retry.' ;;
                *resolving*|*resolve*|*'Failed to fetch'*|*'Could not connect'*|*'Cannot initiate the connection'*) echo 'The guest does not reach its package sources: check its network, its name server and its proxy (Acquire::http::Proxy), or set a mirror.' ;;
                *'Unable to locate package'*) echo 'The package sources of the guest do not have it: they need the components main, restricted and universe.' ;;
                *) echo 'Installing packages failed in the guest; its own words stand above.' ;;
              esac >&2
              return "$code"
            }
            """;

    private SetupScripts() {}

    /** Fails when a list cannot be had, instead of going on with an old one (apt 2.1 and later). */
    static String update() {
        return APT + """
                out=$(apt -o APT::Update::Error-Mode=any update); told "$out" $?
                """;
    }

    static String install(List<String> packages) {
        return APT + """
                out=$(apt install -y --no-install-recommends %s); told "$out" $?
                """.formatted(String.join(" ", packages));
    }

    /** Removes the packages that the run has found new before it installed them; what went meanwhile is no matter. */
    static String purge(String names) {
        return APT + """
                there=
                for p in %s; do case $(dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2>/dev/null) in ?[iUFHWt]*) there="$there $p" ;; esac; done
                [ -n "$there" ] || exit 0
                out=$(apt purge -y $there); told "$out" $?
                """.formatted(names);
    }

    /**
     * Tells which packages an installation would bring that are not there. Kernels are not named: a kernel that runs is not removed
     * again. Whatever would be removed is named too, so that the run can stop.
     */
    static String wouldInstall(List<String> packages) {
        return AS_ROOT + """
                plan=$($as_root apt-get -s install -y --no-install-recommends %s 2>&1) || { printf '%%s\\n' "$plan" >&2; exit 1; }
                printf '%%s\\n' "$plan" | sed -n 's/^Remv \\([^ ]*\\).*/removes \\1/p'
                printf 'installs %%s\\n' "$(printf '%%s\\n' "$plan" | sed -n 's/^Inst \\([^ ]*\\) (.*/\\1/p' | grep -Ev '^linux-(image|modules|modules-extra|headers)-[0-9]' | tr '\\n' ' ')"
                """.formatted(String.join(" ", packages));
    }

    /** Prints what is missing. */
    static String missing(List<String> packages) {
        return """
                for p in %s; do case $(dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2>/dev/null) in ?i*) ;; *) echo "missing $p" ;; esac; done
                """.formatted(String.join(" ", packages));
    }

    static String hold(String verb, List<String> packages) {
        return asRoot("apt-mark " + verb + " " + String.join(" ", packages));
    }

    /** One command as root. */
    static String asRoot(String... commands) {
        StringBuilder script = new StringBuilder(AS_ROOT);
        for (int i = 0; i < commands.length; i++) {
            script.append("$as_root ").append(commands[i]).append(i + 1 < commands.length ? " &&\n" : "\n");
        }
        return script.toString();
    }

    /** A few seconds later, so that the one who asks still gets the answer. */
    static String restart() {
        return asRoot("systemd-run --quiet --collect --on-active=5 systemctl reboot");
    }

    static String bootId() {
        return "cat \"${R:-}\"/proc/sys/kernel/random/boot_id\n";
    }

    static String driverAnswers() {
        return "timeout 20 nvidia-smi -L\n";
    }

    static String noDriver() {
        return "[ ! -e \"${R:-}\"/proc/driver/nvidia/version ]\n";
    }

    static String dockerInfo() {
        return AS_ROOT
                + "timeout 30 $as_root docker info --format 'cdi={{json .CDISpecDirs}} runtimes={{json .Runtimes}}'\n";
    }

    static String cdiList() {
        return asRoot("nvidia-ctk cdi list");
    }

    /** An older specification is kept for the undo. */
    static String generateCdi(boolean old) {
        return old
                ? asRoot(
                        "install -D -m 0644 \"${R:-}\"" + CDI + " \"${R:-}\"" + kept(),
                        "nvidia-ctk cdi generate --output=\"${R:-}\"" + CDI)
                : asRoot("nvidia-ctk cdi generate --output=\"${R:-}\"" + CDI);
    }

    static String takeCdiBack(boolean old) {
        return old
                ? asRoot("install -m 0644 \"${R:-}\"" + kept() + " \"${R:-}\"" + CDI)
                : asRoot("rm -f \"${R:-}\"" + CDI);
    }

    private static String kept() {
        return "/var/backups/rackhouse/{run.mark}/nvidia.yaml";
    }

    static String pull(String image) {
        return AS_ROOT + """
                out=$($as_root docker pull '%1$s' 2>&1); code=$?
                printf '%%s\\n' "$out"
                [ $code = 0 ] && exit 0
                case $out in
                  *resolution*|*'no such host'*|*timeout*|*refused*) echo 'Docker does not reach the registry of %1$s: check the network of the guest and the proxy of its Docker daemon, or set an image of a mirror.' ;;
                  *manifest*|*denied*) echo 'There is no image %1$s there for this guest: check its name and tag in the settings.' ;;
                  *'no space left'*) echo 'The disk of the guest is full.' ;;
                  *) echo 'Docker could not pull the image; its own words stand above.' ;;
                esac >&2
                exit $code
                """.formatted(image);
    }

    static String imageThere(String image) {
        return asRoot("docker image inspect '" + image + "'");
    }

    static String removeImage(String image) {
        return asRoot("docker image rm '" + image + "'");
    }

    /** Leaves nothing behind: the container goes when its command has ended. */
    static String inContainer(String image) {
        return AS_ROOT + "timeout 100 $as_root docker run --rm --device nvidia.com/gpu=all '" + image
                + "' nvidia-smi -L\n";
    }
}
