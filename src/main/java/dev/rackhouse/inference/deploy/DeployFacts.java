package dev.rackhouse.inference.deploy;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.inference.GpuReading;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was seen in a place before something is deployed there.
 *
 * @param os {@code ubuntu 24.04}; empty: not known
 * @param driver of NVIDIA, {@code 580.95.05}; empty: none answers
 * @param docker version; empty: it does not answer
 * @param handsOutGpus Docker knows NVIDIA's runtime or CDI devices
 * @param gpus as nvidia-smi tells them
 * @param listeners programs that listen, by TCP port; a name may be empty
 * @param freeMiB of the file system of the model directory; null: not known
 * @param weightsThere the model's files lie there already
 * @param heldMiB what the deployment's own container holds now, by GPU
 * @param entrypoint of the image; null: the image is not there
 * @param routers that are registered: those of the place, and others that were reached
 */
public record DeployFacts(
        String os,
        String driver,
        String docker,
        boolean handsOutGpus,
        List<GpuReading> gpus,
        List<SeenContainer> containers,
        Map<Integer, String> listeners,
        @Nullable Long freeMiB,
        boolean weightsThere,
        Map<String, Long> heldMiB,
        @Nullable List<String> entrypoint,
        List<RouterSeen> routers) {

    public DeployFacts {
        gpus = List.copyOf(gpus);
        containers = List.copyOf(containers);
        listeners = java.util.Collections.unmodifiableMap(new TreeMap<>(listeners));
        heldMiB = Map.copyOf(heldMiB);
        entrypoint = entrypoint == null ? null : List.copyOf(entrypoint);
        routers = List.copyOf(routers);
    }

    Optional<SeenContainer> container(String name) {
        return containers.stream().filter(c -> c.name().equals(name)).findFirst();
    }

    Optional<GpuReading> gpu(String uuid) {
        return gpus.stream().filter(g -> g.uuid().equals(uuid)).findFirst();
    }

    /** As it will be when this container is gone, with its port and its memory. */
    DeployFacts without(SeenContainer gone) {
        Map<Integer, String> ports = new TreeMap<>(listeners);
        gone.hostPorts().forEach(ports::remove);
        return new DeployFacts(
                os,
                driver,
                docker,
                handsOutGpus,
                gpus.stream().map(this::freed).toList(),
                containers.stream().filter(c -> !c.name().equals(gone.name())).toList(),
                ports,
                freeMiB,
                weightsThere,
                Map.of(),
                entrypoint,
                routers);
    }

    private GpuReading freed(GpuReading gpu) {
        ByteSize free = gpu.free();
        ByteSize usable = gpu.usable();
        Long held = heldMiB.get(gpu.uuid());
        return free == null || usable == null || held == null
                ? gpu
                : gpu.withFree(new ByteSize(Math.min(usable.bytes(), free.bytes() + (held << 20))));
    }
}
