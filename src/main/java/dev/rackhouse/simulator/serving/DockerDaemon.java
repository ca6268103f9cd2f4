package dev.rackhouse.simulator.serving;

import dev.rackhouse.simulator.serving.Container.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final ContainerGpus gpus;
    private final Programs programs;
    private final EngineFaults faults;
    private final Effects effects;
    private final Map<String, Container> containers = new LinkedHashMap<>();
    private final Set<String> settled = new HashSet<>();
    private @Nullable JsonNode configuration;
    private int nextPid = 41_801;

    public DockerDaemon(Computer computer, EngineFaults faults, Effects effects) {
        this.computer = computer;
        this.store = new ContainerStore(computer);
        this.images = new Images(computer);
        this.gpus = new ContainerGpus(computer);
        this.programs = new Programs(computer);
        this.faults = faults;
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
                begin(container);
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
            running.forEach(container -> end(container, 10, true));
        }
    }

    /** The power is gone: nothing of what ran is left. */
    public void powerOff() {
        List<Container> running;
        synchronized (this) {
            configuration = null;
            running = containers.values().stream().filter(Container::alive).toList();
        }
        running.forEach(container -> end(container, 0, true));
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
            throw new DockerRefusal(404, "No such image: " + Images.tagged(body.path("Image").asString("")));
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

    /** @return false: it ran already */
    public boolean start(Container container) throws DockerRefusal {
        synchronized (this) {
            if (container.alive()) {
                return false;
            }
            container.restarts = 0;
        }
        begin(container);
        effects.count("docker start " + container.name);
        return true;
    }

    private void begin(Container container) throws DockerRefusal {
        synchronized (this) {
            if (container.state == State.RUNNING) {
                return;
            }
            try {
                List<String> cards = gpus.given(container, configuration);
                for (int port : container.ports().values()) {
                    if (computer.ports().take(port, container.id).isPresent()) {
                        throw new DockerRefusal(
                                500,
                                "failed to set up container networking: driver failed programming external connectivity on"
                                        + " endpoint " + container.name + " (" + container.id.substring(0, 12)
                                        + "): Bind for 0.0.0.0:" + port + " failed: port is already allocated");
                    }
                }
                container.pid = nextPid;
                nextPid += 24;
                container.program = programs.of(container, launch(container, cards));
            } catch (DockerRefusal refused) {
                computer.ports().release(container.id);
                container.exitCode = 128;
                container.error = refused.sentence();
                container.state = container.state == State.CREATED ? State.CREATED : State.EXITED;
                throw refused;
            }
            container.error = "";
            container.stopAsked = false;
            container.exitCode = 0;
            container.startedAt = Instant.now();
            container.state = State.RUNNING;
            int generation = ++container.generation;
            store.up(container, true);
            Program program = container.program;
            container.thread = Thread.ofVirtual()
                    .name("container " + container.name)
                    .start(() -> live(container, program, generation));
        }
    }

    private Launch launch(Container container, List<String> cards) {
        // at an enormous speed everything happens in order, and at once
        Tempo starting = settled.remove(container.id) ? new Tempo(1e9) : computer.tempo();
        return new Launch(
                computer,
                starting,
                faults,
                container.log,
                container.name,
                container.id,
                container.pid,
                container.command(),
                container.environment(),
                cards,
                container.sharedMemoryMiB(computer),
                container.mounts(),
                container.ports());
    }

    private void live(Container container, Program program, int generation) {
        Processes processes = new Processes(computer, container.id);
        int code;
        long began = System.nanoTime();
        try {
            processes.show(program.processes());
            code = program.run();
        } catch (InterruptedException killed) {
            code = 137;
        } catch (RuntimeException broken) {
            container.log.err(String.valueOf(broken));
            code = 1;
        }
        program.ended();
        processes.gone();
        computer.ports().release(container.id);
        double delay = ended(container, generation, code, computer.tempo().since(began));
        if (delay >= 0) {
            again(container, generation, delay);
        }
    }

    /** @return after how many seconds it is started again, negative: never */
    private synchronized double ended(Container container, int generation, int code, double lasted) {
        if (container.generation != generation) {
            return -1;
        }
        container.exitCode = code;
        container.finishedAt = Instant.now();
        container.program = null;
        container.pid = 0;
        String policy = container.restartPolicy();
        boolean again = !container.stopAsked
                && containers.containsKey(container.id)
                && (policy.equals("always")
                        || policy.equals("unless-stopped")
                        || policy.equals("on-failure") && code != 0);
        container.state = again ? State.RESTARTING : State.EXITED;
        if (!again && !policy.equals("unless-stopped")) {
            store.up(container, false);
        }
        notifyAll();
        container.restarts += again ? 1 : 0;
        return again ? lasted > 10 ? 0.1 : Math.min(60, 0.1 * Math.pow(2, Math.min(12, container.restarts))) : -1;
    }

    private void again(Container container, int generation, double delay) {
        try {
            computer.tempo().sleep(delay);
            synchronized (this) {
                if (container.generation != generation || container.state != State.RESTARTING) {
                    return;
                }
            }
            begin(container);
        } catch (InterruptedException stopped) {
            synchronized (this) {
                container.state = State.EXITED;
                notifyAll();
            }
        } catch (DockerRefusal refused) {
            container.log.err(refused.sentence());
        }
    }

    /** @return false: it did not run */
    public boolean stop(Container container, double seconds) {
        synchronized (this) {
            if (!container.alive()) {
                return false;
            }
        }
        end(container, seconds, false);
        effects.count("docker stop " + container.name);
        return true;
    }

    public void kill(Container container) throws DockerRefusal {
        synchronized (this) {
            if (!container.alive()) {
                throw new DockerRefusal(
                        409, "cannot kill container: " + container.name + ": container " + container.id + " is not running");
            }
        }
        end(container, 0, false);
        effects.count("docker stop " + container.name);
    }

    /** @param keptUp whether the daemon shall start it again when it comes back itself */
    private void end(Container container, double seconds, boolean keptUp) {
        Program program;
        Thread thread;
        synchronized (this) {
            container.stopAsked = true;
            program = container.program;
            thread = container.thread;
            if (!keptUp) {
                store.up(container, false);
            }
            if (container.state == State.RESTARTING) {
                container.state = State.EXITED;
            }
        }
        if (program != null && seconds > 0) {
            program.terminate();
        }
        try {
            if (!gone(container, seconds) && thread != null) {
                thread.interrupt();
                gone(container, 60 * computer.tempo().speed());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean gone(Container container, double seconds) throws InterruptedException {
        long deadline = System.nanoTime() + (long) (seconds * 1e9 / computer.tempo().speed());
        while (container.state == State.RUNNING) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
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
        if (alive) {
            end(container, 0, false);
        }
        synchronized (this) {
            containers.remove(container.id);
            store.delete(container);
        }
        effects.count("docker remove " + container.name);
    }

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
                            .filter(use -> program != null && program.processes().containsKey(use.pid()))
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
            settled.add(made.id);
        }
    }
}
