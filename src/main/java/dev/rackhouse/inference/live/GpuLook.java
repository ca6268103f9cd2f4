package dev.rackhouse.inference.live;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.GpuReading;
import dev.rackhouse.inference.NvidiaSmi;
import dev.rackhouse.inference.fit.GpuNow;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the GPUs of a place said in one round trip, and which container each process on them belongs to.
 *
 * @param cards what nvidia-smi printed
 * @param apps which processes hold memory
 * @param containers ids of containers by process id
 * @param code of the first command; 0 when it could tell
 */
record GpuLook(String cards, String apps, Map<String, String> containers, int code) {

    private static final String MARK = "== rackhouse ";
    private static final Pattern CONTAINER = Pattern.compile("(?:docker[-/]|/)([0-9a-f]{64})(?:\\.scope)?");
    private static final Pattern PID = Pattern.compile("pid (\\d{1,10})");

    GpuLook {
        containers = Map.copyOf(containers);
    }

    /**
     * Asks all GPUs and all processes on them; then to which control group each process belongs. Drivers before 510 do not know what is
     * reserved: they are asked once more, without. {@code R} is the root prefix of the pretend labs; empty on real machines.
     */
    static String script() {
        return """
                R=${R:-}
                PATH=$PATH:/usr/sbin:/sbin
                LC_ALL=C
                export PATH LC_ALL
                t() { timeout 15 "$@" 2>&1 </dev/null; }
                echo '== rackhouse cards'
                cards=$(t nvidia-smi --query-gpu=%s --format=csv)
                code=$?
                if [ $code = 2 ]; then
                  cards=$(t nvidia-smi --query-gpu=%s --format=csv)
                  code=$?
                fi
                printf '%%s\\n' "$cards"
                echo "== rackhouse code $code"
                echo '== rackhouse apps'
                if [ $code = 0 ]; then
                  apps=$(t nvidia-smi --query-compute-apps=%s --format=csv)
                  printf '%%s\\n' "$apps"
                  echo '== rackhouse groups'
                  for pid in $(printf '%%s\\n' "$apps" | cut -d, -f2 | tr -cd '0-9\\n' | sort -u | head -n 64); do
                    echo "pid $pid"
                    head -c 4096 "$R/proc/$pid/cgroup" 2>/dev/null || true
                  done
                fi
                echo '== rackhouse end'
                """.formatted(
                        NvidiaSmi.GPU_FIELDS,
                        NvidiaSmi.GPU_FIELDS.replace(",compute_cap", "").replace(",memory.reserved", ""),
                        NvidiaSmi.APP_FIELDS);
    }

    static GpuLook read(String text) {
        Map<String, StringBuilder> parts = new HashMap<>();
        int code = 127;
        String part = "";
        for (String line : text.lines().toList()) {
            if (line.startsWith(MARK)) {
                part = line.substring(MARK.length()).strip();
                if (part.matches("code \\d{1,3}")) {
                    code = Integer.parseInt(part.substring(5));
                }
            } else {
                parts.computeIfAbsent(part, p -> new StringBuilder())
                        .append(line)
                        .append('\n');
            }
        }
        return new GpuLook(
                parts.getOrDefault("cards", new StringBuilder()).toString(),
                parts.getOrDefault("apps", new StringBuilder()).toString(),
                groups(parts.getOrDefault("groups", new StringBuilder()).toString()),
                code);
    }

    /** Version 1 writes {@code .../docker/ID}, version 2 {@code /system.slice/docker-ID.scope}. */
    private static Map<String, String> groups(String text) {
        Map<String, String> containers = new HashMap<>();
        String pid = "";
        for (String line : text.lines().toList()) {
            Matcher next = PID.matcher(line);
            if (next.matches()) {
                pid = next.group(1);
                continue;
            }
            Matcher container = CONTAINER.matcher(line);
            if (!pid.isEmpty() && container.find()) {
                containers.putIfAbsent(pid, container.group(1));
            }
        }
        return containers;
    }

    /** Why there are no readings, in the tool's own words; empty when there are. */
    String trouble() {
        if (code == 0) {
            return "";
        }
        String said = cards.strip();
        return code == 127
                ? "There is no nvidia-smi there."
                : "nvidia-smi says: " + (said.length() > 300 ? said.substring(0, 300) : said.replace('\n', ' '));
    }

    /** The cards with who holds memory on them: a deployment, another container, or a process that no container holds. */
    List<GpuReading> readings(List<Container> there, List<Deployment> deployments, Instant at) {
        if (code != 0) {
            return List.of();
        }
        return NvidiaSmi.read(
                        cards, apps, at, (pid, process, memory) -> holder(pid, process, memory, there, deployments))
                .orElse(List.of());
    }

    private GpuNow.Holder holder(
            String pid, String process, ByteSize memory, List<Container> there, List<Deployment> deployments) {
        String id = containers.getOrDefault(pid, "");
        Container container = there.stream()
                .filter(c -> !id.isEmpty() && id.startsWith(c.id()))
                .findFirst()
                .orElse(null);
        if (container == null) {
            return NvidiaSmi.Naming.BY_PROCESS.holder(pid, process, memory);
        }
        return deployments.stream()
                .filter(d -> container.of(d.id()))
                .findFirst()
                .map(d -> new GpuNow.Holder(d.id().value(), memory, true))
                .orElseGet(() -> new GpuNow.Holder("container " + container.name(), memory, false));
    }
}
