package dev.rackhouse.simulator.serving;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Docker daemon of one pretend computer: containers that lie on its disk, and what runs in them. Its command line and its Engine
 * API act on the same. Safe for many threads; nothing runs under its lock.
 */
public final class DockerDaemon {
    public static final String VERSION = "28.2.2";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Computer computer;
    private final ContainerStore store;
    private final Images images;
    private final ContainerLife life;
    private final Effects effects;
    private final Map<String, Container> containers = new LinkedHashMap<>();
    private @Nullable JsonNode configuration;

    public DockerDaemon(Computer computer, EngineFaults faults, Effects effects) {
        this.computer = computer;
        this.store = new ContainerStore(computer);
        this.images = new Images(computer);
        this.life = new ContainerLife(this, computer, store, faults, effects, () -> configuration);
        this.effects = effects;
    }

    /** Reads its configuration and starts what shall run. Empty: it runs; else why not. */
    public Optional<String> start() {
        List<Container> wanted = new ArrayList<>();
        synchronized (this) {
            if (configuration != null) {
                return Optional.empty();
            }
            String text = computer.read("/etc/docker/daemon.json").orElse("{}");
            try {
                configuration = JSON.readTree(text.isBlank() ? "{}" : text);
            } catch (JacksonException broken) {
                return Optional.of("the control process exited with error code.");
            }
            Map<String, Container> found = store.read(containers);
            containers.clear();
            containers.putAll(found);
            for (Container container : containers.values()) {
                String policy = container.restartPolicy();
                boolean comesBack = policy.equals("always") || !policy.equals("no") && store.up(container);
                if (!container.alive() && comesBack) {
                    wanted.add(container);
                }
            }
        }
        for (Container container : wanted) {
            try {
                life.begin(container);
            } catch (DockerRefusal refused) {
                container.log.err(refused.sentence());
            }
        }
        return Optional.empty();
    }

    /** The daemon ends; with live restore its containers go on. */
    public void stop() {
        JsonNode now;
        List<Container> running;
        synchronized (this) {
            now = configuration;
            configuration = null;
            running = containers.values().stream().filter(Container::alive).toList();
        }
        if (now != null && !now.path("live-restore").asBoolean(false)) {
            running.forEach(container -> life.end(container, 10, true));
        }
    }

    /** The power is gone: nothing of what ran is left. */
    public void powerOff() {
        List<Container> running;
        synchronized (this) {
            configuration = null;
            running = containers.values().stream().filter(Container::alive).toList();
        }
        running.forEach(container -> life.end(container, 0, true));
    }

    /** Its configuration; null: it does not run. */
    public synchronized @Nullable JsonNode configuration() {
        return configuration;
    }

    Images images() {
        return images;
    }

    /** Names of the images on the disk, with tags. */
    public synchronized List<String> imageNames() {
        return List.copyOf(images.all().keySet());
    }

    /** The id of an image; empty when it is not on the disk. */
    public synchronized Optional<String> imageId(String name) {
        return images.find(name);
    }

    /** Puts an image on the disk without asking anybody. @return whether it is new there */
    public synchronized boolean putImage(String name) {
        boolean fresh = images.find(name).isEmpty();
        images.put(name);
        return fresh;
    }

    public synchronized void removeImage(String name, boolean force) throws DockerRefusal {
        Optional<Container> user = containers.values().stream()
                .filter(one -> Images.tagged(one.image()).equals(Images.tagged(name)))
                .findFirst();
        if (user.isPresent() && !force) {
            throw new DockerRefusal(
                    409,
                    "conflict: unable to remove repository reference \"" + Images.tagged(name)
                            + "\" (must force) - container " + user.get().id.substring(0, 12)
                            + " is using its referenced image");
        }
        if (!images.remove(name)) {
            throw new DockerRefusal(404, "No such image: " + Images.tagged(name));
        }
    }

    Computer computer() {
        return computer;
    }

    /** All containers, the newest first. */
    public synchronized List<Container> all() {
        return List.copyOf(new ArrayList<>(containers.values()).reversed());
    }

    /** A container by name, id, or the beginning of its id. */
    public synchronized Container get(String name) throws DockerRefusal {
        String wanted = name.replaceFirst("^/", "");
        return containers.values().stream()
                .filter(one -> one.name.equals(wanted)
                        || one.id.equals(wanted)
                        || wanted.length() >= 4 && one.id.startsWith(wanted))
                .findFirst()
                .orElseThrow(() -> new DockerRefusal(404, "No such container: " + name));
    }

    /** Makes a container; it does not run yet. */
    public synchronized Container create(String name, JsonNode body) throws DockerRefusal {
        if (!name.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]+")) {
            throw new DockerRefusal(
                    400, "Invalid container name (" + name + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        }
        if (images.find(body.path("Image").asString("")).isEmpty()) {
            throw new DockerRefusal(
                    404, "No such image: " + Images.tagged(body.path("Image").asString("")));
        }
        free(name);
        // the same container made again has the same id, so that taking a change back leaves the disk as it was
        String id = Images.hash(computer.name() + name + body);
        for (int i = 1; containers.containsKey(id); i++) {
            id = Images.hash(computer.name() + name + body + i);
        }
        Container made = new Container(id, name, body, Instant.now());
        containers.put(id, made);
        store.write(made);
        effects.count("docker create " + name);
        return made;
    }

    private void free(String name) throws DockerRefusal {
        for (Container one : containers.values()) {
            if (one.name.equals(name)) {
                throw new DockerRefusal(
                        409,
                        "Conflict. The container name \"/" + name + "\" is already in use by container \"" + one.id
                                + "\". You have to remove (or rename) that container to be able to reuse that name.");
            }
        }
    }

    public synchronized void rename(Container container, String name) throws DockerRefusal {
        free(name);
        container.name = name;
        store.write(container);
        effects.count("docker rename " + name);
    }

    /** Starts a container. @return false: it ran already */
    public boolean start(Container container) throws DockerRefusal {
        synchronized (this) {
            if (container.alive()) {
                return false;
            }
            container.restarts = 0;
        }
        life.begin(container);
        effects.count("docker start " + container.name);
        return true;
    }

    /** Stops a container, by force after so many simulated seconds. @return false: it did not run */
    public boolean stop(Container container, double seconds) {
        synchronized (this) {
            if (!container.alive()) {
                return false;
            }
        }
        life.end(container, seconds, false);
        effects.count("docker stop " + container.name);
        return true;
    }

    public void kill(Container container) throws DockerRefusal {
        synchronized (this) {
            if (!container.alive()) {
                throw new DockerRefusal(
                        409,
                        "cannot kill container: " + container.name + ": container " + container.id + " is not running");
            }
        }
        life.end(container, 0, false);
        effects.count("docker stop " + container.name);
    }

    public void remove(Container container, boolean force) throws DockerRefusal {
        boolean alive;
        synchronized (this) {
            alive = container.alive();
        }
        if (alive && !force) {
            throw new DockerRefusal(
                    409,
                    "cannot remove container \"/" + container.name
                            + "\": container is running: stop the container before removing or force remove");
        }
        synchronized (this) {
            container.removed = true;
        }
        if (alive) {
            life.end(container, 0, false);
        }
        synchronized (this) {
            containers.remove(container.id);
            store.delete(container);
        }
        effects.count("docker remove " + container.name);
    }

    /**
     * Runs a command in a container, as {@code docker exec} does.
     *
     * @throws DockerRefusal when the container does not run
     */
    public Executed execute(Container container, List<String> words) throws DockerRefusal, InterruptedException {
        Program program;
        synchronized (this) {
            program = container.running() ? container.program : null;
        }
        if (program == null) {
            throw new DockerRefusal(409, "container " + container.id + " is not running");
        }
        Program.Executed done = program.execute(words);
        if (done.code() == 0) {
            effects.count("docker exec " + container.name + " " + String.join(" ", words));
        }
        return new Executed(done.code(), done.out(), done.err());
    }

    /** What a command in a container printed and how it ended. */
    public record Executed(int code, String out, String err) {}

    /** What the control page shows of all containers. */
    public synchronized List<Map<String, Object>> shown() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Container one : containers.values()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("container", one.name);
            row.put("state", ContainerJson.word(one));
            row.put("restarts", one.restarts);
            row.put("exitCode", one.exitCode);
            Program program = one.program;
            if (program != null) {
                row.putAll(program.state());
            }
            row.put(
                    "memoryMiB",
                    computer.gpus().uses().stream()
                            .filter(use ->
                                    program != null && program.processes().containsKey(use.pid()))
                            .mapToInt(GpuRack.Use::memoryMiB)
                            .sum());
            rows.add(row);
        }
        return rows;
    }

    /** Puts a container there as somebody made it long ago; what is up runs at once when the daemon starts. */
    public synchronized void put(String name, JsonNode body, boolean up) {
        Container made = new Container(Images.hash(computer.name() + name + body), name, body, Instant.now());
        store.write(made);
        store.up(made, up);
        if (up) {
            life.settled(made);
        }
    }
}
