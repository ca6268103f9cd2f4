package dev.rackhouse.guestsetup;

import dev.rackhouse.guestsetup.GpuGuestPlan.Card;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What the files hold that a set-up guest has of us. Pure. */
final class SetupFiles {

    static final String NEVER_UPGRADED = "/etc/apt/apt.conf.d/99rackhouse-nvidia";
    static final String KEY = "/etc/apt/keyrings/rackhouse-nvidia-container-toolkit.asc";
    static final String LIST = "/etc/apt/sources.list.d/rackhouse-nvidia-container-toolkit.list";
    static final String PERSISTENCE = "/etc/systemd/system/nvidia-persistenced.service";
    static final String POWER_UNIT = "rackhouse-gpu-power.service";
    static final String POWER = "/etc/systemd/system/" + POWER_UNIT;

    /** Regular expressions, matched at the beginning of a package's name. */
    static final List<String> PATTERNS = List.of("linux-modules-nvidia-", "nvidia-", "libnvidia-");

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private SetupFiles() {}

    /** An upgrade of user space under a loaded module ends in "Driver/library version mismatch" (hosts, section 10, row 20). */
    static String neverUpgraded() {
        StringBuilder text = new StringBuilder(
                "// Written by Rackhouse: upgrades that run by themselves leave the NVIDIA driver alone.\nUnattended-Upgrade::Package-Blacklist {\n");
        PATTERNS.forEach(p -> text.append("    \"").append(p).append("\";\n"));
        return text.append("};\n").toString();
    }

    static String list(String url) {
        return "deb [signed-by=" + KEY + "] " + url + " /\n";
    }

    /**
     * In place of Ubuntu's own unit, which runs the daemon with {@code --no-persistence-mode} and stops it when nobody needs it
     * (nvidia-compute-utils in 24.04).
     */
    static String persistence() {
        return """
                # Written by Rackhouse in place of Ubuntu's unit, which starts the daemon with --no-persistence-mode.
                [Unit]
                Description=NVIDIA Persistence Daemon
                Wants=syslog.target

                [Service]
                Type=forking
                ExecStart=/usr/bin/nvidia-persistenced --user nvidia-persistenced --persistence-mode --verbose
                ExecStopPost=/bin/rm -rf /var/run/nvidia-persistenced

                [Install]
                WantedBy=multi-user.target
                """;
    }

    /** By UUID, since the order of indexes can change from boot to boot. */
    static String power(List<Card> cards) {
        StringBuilder text = new StringBuilder("""
                # Written by Rackhouse: power limits are lost when the driver is loaded anew.
                [Unit]
                Description=Power limits of the GPUs
                After=nvidia-persistenced.service
                Wants=nvidia-persistenced.service

                [Service]
                Type=oneshot
                RemainAfterExit=yes
                """);
        for (int i = 0; i < cards.size(); i++) {
            Integer watts = cards.get(i).watts();
            if (watts != null) {
                text.append("ExecStart=/usr/bin/nvidia-smi -i {")
                        .append(uuid(i))
                        .append("} -pl ")
                        .append(watts)
                        .append('\n');
            }
        }
        return text.append("\n[Install]\nWantedBy=multi-user.target\n").toString();
    }

    /** Name of the value that holds the UUID of a card. */
    static String uuid(int index) {
        return "gpu." + (index + 1) + ".uuid";
    }

    /** Name of the value that holds the power limit of a card as it was, in W. */
    static String limit(int index) {
        return "gpu." + (index + 1) + ".limit";
    }

    /**
     * Docker's settings with NVIDIA's runtime and devices by CDI, everything else as it stands. The same as
     * {@code nvidia-ctk runtime configure --runtime=docker --cdi.enabled}, but known beforehand. CDI lets the runtime know the device
     * nodes, so that a {@code systemctl daemon-reload} does not take them away (hosts, section 10, row 21).
     *
     * @param now what the file holds; blank: nothing
     * @return empty when that is no JSON object
     */
    static Optional<String> daemon(String now) {
        Map<String, Object> config;
        try {
            config = new LinkedHashMap<>(
                    JSON.readValue(now.isBlank() ? "{}" : now, new TypeReference<Map<String, Object>>() {}));
        } catch (JacksonException | NullPointerException notOne) {
            return Optional.empty();
        }
        Map<String, Object> features = inner(config, "features");
        Map<String, Object> runtimes = inner(config, "runtimes");
        if (Boolean.TRUE.equals(features.get("cdi")) && runtimes.containsKey("nvidia")) {
            return Optional.of(now);
        }
        features.put("cdi", true);
        runtimes.putIfAbsent("nvidia", Map.of("path", "nvidia-container-runtime"));
        config.put("features", features);
        config.put("runtimes", runtimes);
        return Optional.of(JSON.writeValueAsString(config) + "\n");
    }

    private static Map<String, Object> inner(Map<String, Object> config, String key) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (config.get(key) instanceof Map<?, ?> there) {
            there.forEach((k, v) -> copy.put(String.valueOf(k), v));
        }
        return copy;
    }
}
