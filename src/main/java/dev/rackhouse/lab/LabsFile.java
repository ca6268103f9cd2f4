package dev.rackhouse.lab;

import dev.rackhouse.base.Secret;
import dev.rackhouse.base.SecretSource;
import dev.rackhouse.base.StartRefused;
import dev.rackhouse.lab.LabDraft.HostDraft;
import dev.rackhouse.lab.LabDraft.ProxmoxDraft;
import dev.rackhouse.proxmox.Fingerprint;
import dev.rackhouse.proxmox.PveEndpoint;
import dev.rackhouse.ssh.HostKey;
import dev.rackhouse.ssh.SshKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The file that declares labs. Secrets come from the environment ({@code env: NAME}) or from files ({@code file: path}, relative to
 * the labs file). Whatever is wrong refuses the start, naming file, lab and key.
 */
final class LabsFile {

    /**
     * One declared lab.
     *
     * @param proxmox null for hosts without Proxmox
     * @param key the lab's own key, which opens its guests and hosts without a key of their own; null: the console makes one
     */
    record Declared(
            String name,
            @Nullable ProxmoxDraft proxmox,
            List<HostDraft> hosts,
            @Nullable SshKey key) {}

    private final Path file;
    private final UnaryOperator<@Nullable String> environment;

    /** @param environment looks a variable up; null when it is not set */
    LabsFile(Path file, UnaryOperator<@Nullable String> environment) {
        this.file = file;
        this.environment = environment;
    }

    List<Declared> read() {
        Map<String, Object> root = map("", load());
        known("", root, Set.of("labs"));
        List<Declared> labs = new ArrayList<>();
        int number = 1;
        for (Object entry : list("labs", root.get("labs"))) {
            Map<String, Object> lab = map("labs[" + number + "]", entry);
            String name = text("labs[" + number + "].name", lab.get("name"));
            String at = "lab " + name;
            known(at, lab, Set.of("name", "proxmox", "hosts", "key"));
            ProxmoxDraft proxmox = lab.get("proxmox") == null
                    ? null
                    : proxmox(at + ", proxmox", map(at + ", proxmox", lab.get("proxmox")));
            List<HostDraft> hosts = lab.get("hosts") == null ? List.of() : hosts(at, lab.get("hosts"));
            Object keyEntry = lab.get("key");
            SshKey key =
                    keyEntry == null ? null : checked(at + ", key", () -> SshKey.parse(secret(at + ", key", keyEntry)));
            checked(at, () -> new LabDraft(name, proxmox, hosts, key == null ? SshKey.generate("check") : key));
            if (labs.stream().anyMatch(l -> l.name.equalsIgnoreCase(name))) {
                throw refused(at, "stands there twice");
            }
            labs.add(new Declared(name.strip(), proxmox, hosts, key));
            number++;
        }
        return labs;
    }

    private Object load() {
        try {
            Object loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
            return loaded == null ? Map.of("labs", List.of()) : loaded;
        } catch (IOException e) {
            throw new StartRefused(
                    "The labs file " + file + " cannot be read: " + e.getMessage() + ".",
                    "Correct rackhouse.labs.file (RACKHOUSE_LABS_FILE), or the rights of the file.",
                    e);
        } catch (YAMLException e) {
            throw new StartRefused(
                    "The labs file " + file + " is no YAML: "
                            + String.valueOf(e.getMessage())
                                    .lines()
                                    .limit(3)
                                    .reduce((a, b) -> a + " " + b)
                                    .orElse(""),
                    "Correct the file and start again.",
                    e);
        }
    }

    private ProxmoxDraft proxmox(String at, Map<String, Object> entry) {
        known(at, entry, Set.of("urls", "url", "token", "secret", "fingerprint", "fingerprints", "authority", "trust"));
        List<URI> urls = new ArrayList<>();
        Object given = entry.get("urls") == null ? entry.get("url") : entry.get("urls");
        for (Object url : given instanceof String one ? List.of(one) : list(at + ".urls", given)) {
            urls.add(checked(at + ".urls", () -> PveEndpoint.url(String.valueOf(url))));
        }
        List<Fingerprint> pins = new ArrayList<>();
        Object prints = entry.get("fingerprints") == null ? entry.get("fingerprint") : entry.get("fingerprints");
        if (prints != null) {
            for (Object print : prints instanceof String one ? List.of(one) : list(at + ".fingerprints", prints)) {
                pins.add(checked(at + ".fingerprint", () -> Fingerprint.parse(String.valueOf(print))));
            }
        }
        if (pins.size() > 1 && pins.size() != urls.size()) {
            throw refused(at + ".fingerprints", "needs one fingerprint for each of the " + urls.size() + " addresses");
        }
        Object authority = entry.get("authority");
        boolean open = "public".equals(entry.get("trust"));
        if ((pins.isEmpty() ? 0 : 1) + (authority == null ? 0 : 1) + (open ? 1 : 0) != 1) {
            throw refused(at, "needs exactly one of fingerprint, authority and 'trust: public'");
        }
        List<ProxmoxSide.Door> doors = new ArrayList<>();
        for (int i = 0; i < urls.size(); i++) {
            doors.add(new ProxmoxSide.Door(urls.get(i), pins.isEmpty() ? null : pins.get(pins.size() == 1 ? 0 : i)));
        }
        String token = text(at + ".token", entry.get("token"));
        Secret secret = secret(at + ".secret", entry.get("secret"));
        return checked(
                at,
                () -> new ProxmoxDraft(
                        new ProxmoxSide(
                                doors,
                                token,
                                authority != null
                                        ? ProxmoxSide.Trust.AUTHORITY
                                        : open ? ProxmoxSide.Trust.PUBLIC : ProxmoxSide.Trust.PINNED,
                                authority == null
                                        ? null
                                        : secret(at + ".authority", authority).reveal()),
                        secret));
    }

    private List<HostDraft> hosts(String lab, Object entries) {
        List<HostDraft> hosts = new ArrayList<>();
        int number = 1;
        for (Object entry : list(lab + ", hosts", entries)) {
            String at = lab + ", hosts[" + number++ + "]";
            Map<String, Object> host = map(at, entry);
            known(at, host, Set.of("node", "address", "port", "user", "key", "hostKey", "jump"));
            String node = text(at + ".node", host.get("node"));
            Object key = host.get("key");
            Object port = host.getOrDefault("port", 22);
            Object jump = host.get("jump");
            SshKey own = key == null ? null : checked(at + ".key", () -> SshKey.parse(secret(at + ".key", key)));
            hosts.add(checked(
                    at,
                    () -> new HostDraft(
                            node,
                            text(at + ".address", host.get("address")),
                            port instanceof Integer n ? n : Integer.parseInt(String.valueOf(port)),
                            host.get("user") == null ? "root" : text(at + ".user", host.get("user")),
                            own,
                            HostKey.parse(text(at + ".hostKey", host.get("hostKey"))),
                            jump == null ? null : jump.toString())));
        }
        return hosts;
    }

    private Secret secret(String at, @Nullable Object given) {
        try {
            return SecretSource.of(given).read(file, environment);
        } catch (IllegalArgumentException wrong) {
            throw refused(at, String.valueOf(wrong.getMessage()));
        }
    }

    private String text(String at, @Nullable Object given) {
        if (given instanceof Map
                || given instanceof List
                || given == null
                || given.toString().isBlank()) {
            throw refused(at, given == null ? "is missing" : "is no text");
        }
        return given.toString().strip();
    }

    private List<?> list(String at, @Nullable Object given) {
        if (given instanceof List<?> list) {
            return list;
        }
        throw refused(at, given == null ? "is missing" : "is no list");
    }

    private Map<String, Object> map(String at, @Nullable Object given) {
        if (given instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, value) -> {
                if (value != null) {
                    copy.put(String.valueOf(key), value);
                }
            });
            return copy;
        }
        throw refused(at, "is no list of keys and values");
    }

    private void known(String at, Map<String, Object> map, Set<String> keys) {
        for (String key : map.keySet()) {
            if (!keys.contains(key)) {
                throw refused(
                        at,
                        "has the key '" + key + "', which nobody knows; known are "
                                + String.join(", ", keys.stream().sorted().toList()));
            }
        }
    }

    private <T> T checked(String at, java.util.function.Supplier<T> work) {
        try {
            return work.get();
        } catch (IllegalArgumentException e) {
            throw refused(at, String.valueOf(e.getMessage()));
        }
    }

    private StartRefused refused(String at, String what) {
        return new StartRefused(
                "The labs file " + file + (at.isEmpty() ? "" : ", " + at) + ": " + what + ".",
                "Correct the file and start again.");
    }
}
