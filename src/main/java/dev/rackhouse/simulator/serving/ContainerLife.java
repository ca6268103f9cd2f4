package dev.rackhouse.simulator.serving;

import dev.rackhouse.simulator.serving.Container.State;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How containers start, end, and are started again by their restart policy. State changes under the daemon's lock; what runs in a
 * container runs outside of it, on a thread of its own.
 */
final class ContainerLife {
    private final Object lock;
    private final Computer computer;
    private final ContainerStore store;
    private final ContainerGpus gpus;
    private final Programs programs;
    private final EngineFaults faults;
    private final Effects effects;
    private final Supplier<@Nullable JsonNode> configuration;
    private final Set<String> settled = new HashSet<>();
    private int nextPid = 41_801;

    /** @param configuration of the daemon, null while it does not run */
    ContainerLife(
            Object lock,
            Computer computer,
            ContainerStore store,
            EngineFaults faults,
            Effects effects,
            Supplier<@Nullable JsonNode> configuration) {
        this.lock = lock;
        this.computer = computer;
        this.store = store;
        this.gpus = new ContainerGpus(computer);
        this.programs = new Programs(computer);
        this.faults = faults;
        this.effects = effects;
        this.configuration = configuration;
    }

    /** It runs since long ago: at its first start it is there at once. */
    void settled(Container container) {
        settled.add(container.id);
    }

    /** Starts it; one that runs goes on. */
    void begin(Container container) throws DockerRefusal {
        synchronized (lock) {
            if (container.state == State.RUNNING) {
                return;
            }
            try {
                List<String> cards = gpus.given(container, configuration.get());
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
                effects,
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
    private double ended(Container container, int generation, int code, double lasted) {
        synchronized (lock) {
            if (container.generation != generation) {
                return -1;
            }
            container.exitCode = code;
            container.finishedAt = Instant.now();
            container.program = null;
            container.pid = 0;
            String policy = container.restartPolicy();
            boolean again = !container.stopAsked
                    && !container.removed
                    && (policy.equals("always")
                            || policy.equals("unless-stopped")
                            || policy.equals("on-failure") && code != 0);
            container.state = again ? State.RESTARTING : State.EXITED;
            if (!again && !policy.equals("unless-stopped")) {
                store.up(container, false);
            }
            lock.notifyAll();
            container.restarts += again ? 1 : 0;
            return again ? lasted > 10 ? 0.1 : Math.min(60, 0.1 * Math.pow(2, Math.min(12, container.restarts))) : -1;
        }
    }

    private void again(Container container, int generation, double delay) {
        try {
            computer.tempo().sleep(delay);
            synchronized (lock) {
                if (container.generation != generation || container.state != State.RESTARTING) {
                    return;
                }
            }
            begin(container);
        } catch (InterruptedException stopped) {
            synchronized (lock) {
                container.state = State.EXITED;
                lock.notifyAll();
            }
        } catch (DockerRefusal refused) {
            container.log.err(refused.sentence());
        }
    }

    /** @param keptUp whether the daemon shall start it again when it comes back itself */
    void end(Container container, double seconds, boolean keptUp) {
        Program program;
        Thread thread;
        synchronized (lock) {
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

    private boolean gone(Container container, double seconds) throws InterruptedException {
        synchronized (lock) {
            long deadline =
                    System.nanoTime() + (long) (seconds * 1e9 / computer.tempo().speed());
            while (container.state == State.RUNNING) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return false;
                }
                lock.wait(left);
            }
            return true;
        }
    }
}
