package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.NvidiaSmi;

/**
 * The scripts of a deployment. They run commands only. Names in them come from validated records: images, directories and sources hold
 * nothing that means something to a shell, and stand in quotes all the same. {@code R} is the root prefix of the pretend labs; empty on
 * real machines.
 */
final class DeployScripts {

    private static final String AS_ROOT = """
            as_root=
            [ "$(id -u)" = 0 ] || [ -n "${R:-}" ] || as_root='sudo -n'
            """;

    private DeployScripts() {}

    /** Header and rows, units and all. */
    static String gpus() {
        return "timeout 20 nvidia-smi --query-gpu=" + NvidiaSmi.GPU_FIELDS + " --format=csv\n";
    }

    static String apps() {
        return "timeout 20 nvidia-smi --query-compute-apps=" + NvidiaSmi.APP_FIELDS + " --format=csv\n";
    }

    /** KiB that are free where the directory is, or will be. */
    static String free(String directory) {
        return """
                d="${R:-}%s"
                while [ ! -e "$d" ] && [ "$d" != / ] && [ -n "$d" ]; do d=${d%%/*}; done
                df -Pk "${d:-/}" | awk 'NR == 2 { print $4 }'
                """.formatted(directory);
    }

    /** A repository of the hub in its cache. */
    static String hubFolder(String directory, String repository) {
        return directory + "/hub/models--" + repository.replace("/", "--");
    }

    /** Ends with 0 when something lies at the path: a file with content, or a folder that has snapshots. */
    static String there(String path, boolean folder) {
        return folder ? "ls \"${R:-}" + path + "/snapshots\" | grep -q .\n" : "[ -s \"${R:-}" + path + "\" ]\n";
    }

    static String pull(String image) {
        return AS_ROOT + """
                out=$($as_root docker pull '%1$s' 2>&1); code=$?
                printf '%%s\\n' "$out" | tail -n 200
                [ $code = 0 ] && exit 0
                case $out in
                  *resolution*|*'no such host'*|*timeout*|*refused*) echo 'Docker does not reach the registry of %1$s: check the network there and the proxy of its Docker daemon.' ;;
                  *manifest*|*denied*) echo 'There is no image %1$s: check its name and tag.' ;;
                  *'no space left'*) echo 'The disk is full: free some space, an engine image takes some 10 to 30 GB.' ;;
                  *) echo 'Docker could not pull the image; its own words stand above.' ;;
                esac >&2
                exit $code
                """.formatted(image);
    }

    /** One file of a repository of the hub, {@code owner/repository/file}, resumed where it broke off. */
    static String loadFile(String directory, String source) {
        int file = source.indexOf('/', source.indexOf('/') + 1);
        String url = "https://huggingface.co/" + source.substring(0, file) + "/resolve/main" + source.substring(file);
        String path = "\"${R:-}" + directory + "/" + source + "\"";
        return AS_ROOT
                + "$as_root curl -fL --retry 5 --retry-delay 10 -C - --create-dirs -o "
                + path.replaceFirst("\"$", ".part\"") + " '"
                + url + "' &&\n$as_root mv " + path.replaceFirst("\"$", ".part\"") + " " + path + "\n";
    }

    /** Takes away what {@link #loadFile} brought, and the folders that it made when nothing else lies in them. */
    static String removeFile(String directory, String source) {
        String file = "\"${R:-}" + directory + "/" + source;
        StringBuilder script = new StringBuilder(AS_ROOT)
                .append("$as_root rm -f ")
                .append(file)
                .append("\" ")
                .append(file)
                .append(".part\"\n");
        for (int end = source.lastIndexOf('/'); end > 0; end = source.lastIndexOf('/', end - 1)) {
            String folder = "\"${R:-}" + directory + "/" + source.substring(0, end) + "\"";
            script.append(
                    "if [ -d %1$s ]; then $as_root rmdir --ignore-fail-on-non-empty %1$s; fi\n".formatted(folder));
        }
        return script.toString();
    }

    /** Ends with 0 when nothing lies at the path. */
    static String gone(String path) {
        return "[ ! -e \"${R:-}" + path + "\" ]\n";
    }

    /** Whether {@link #loadFile} knows where such a file comes from. */
    static boolean loadable(String source) {
        return source.matches("[^/]+/[^/]+/.+");
    }

    static String loadIntoOllama(String container, String tag) {
        return AS_ROOT + "$as_root docker exec '" + container + "' ollama pull '" + tag + "'\n";
    }

    /** Everything that is looked at before a deployment, one record a line, fields between tabs. */
    static String look(String directory, String path, boolean folder) {
        return """
                R=${R:-}
                PATH=$PATH:/usr/sbin:/sbin
                LC_ALL=C
                export R PATH LC_ALL
                clean() { tr -d '\\000-\\010\\013-\\037' | cut -c1-600; }
                k() { printf 'K\\t%%s\\t%%s\\n' "$1" "$(printf '%%s' "$2" | tr '\\t\\n' '  ' | clean)"; }
                printf 'BEGIN\\t1\\n'
                k os "$(sed -n 's/^ID=//p' "$R/etc/os-release" 2>/dev/null | tr -d '"') $(sed -n 's/^VERSION_ID=//p' "$R/etc/os-release" 2>/dev/null | tr -d '"')"
                k driver "$(timeout 20 nvidia-smi --query-gpu=driver_version --format=csv,noheader 2>/dev/null | head -n 1)"
                timeout 20 nvidia-smi --query-gpu=%s --format=csv 2>/dev/null | clean | head -n 40 | sed 's/^/GPU\\t/'
                timeout 20 nvidia-smi --query-compute-apps=%s --format=csv 2>/dev/null | clean | head -n 200 | sed 's/^/APP\\t/'
                k free "$(%s)"
                if %s then k weights 1; else k weights 0; fi
                ss -H -l -n -t -p 2>/dev/null | clean | head -n 500 | sed 's/^/LISTEN\\t/'
                printf 'END\\t1\\n'
                """.formatted(
                        NvidiaSmi.GPU_FIELDS,
                        NvidiaSmi.APP_FIELDS,
                        free(directory).strip(),
                        there(path, folder).strip().replaceFirst("$", ";"));
    }
}
