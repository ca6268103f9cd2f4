package dev.rackhouse.simulator.serving;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which cards a container gets at its start, and why it does not. */
final class ContainerGpus {
    private static final String TASK =
            "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to"
                    + " start container process: error during container init: error running prestart hook #0: exit status 1, stdout: ,"
                    + " stderr: Auto-detected mode as 'legacy'\nnvidia-container-cli: ";

    private final Computer computer;

    ContainerGpus(Computer computer) {
        this.computer = computer;
    }

    /** UUIDs of the cards, in the order in which they were asked for. */
    List<String> given(Container container, @Nullable JsonNode daemon) throws DockerRefusal {
        List<String> given = new ArrayList<>();
        for (JsonNode request :
                container.hostConfig().path("DeviceRequests").valueStream().toList()) {
            String driver = request.path("Driver").asString("");
            List<String> ids = request.path("DeviceIDs")
                    .valueStream()
                    .map(id -> id.asString(""))
                    .toList();
            boolean cdi = driver.equals("cdi");
            if (cdi && (daemon == null || !daemon.path("features").path("cdi").asBoolean(false))) {
                throw new DockerRefusal(500, "could not select device driver \"cdi\" with capabilities: []");
            }
            if (!cdi && !computer.names("/usr/sbin").contains("nvidia-container-runtime")) {
                throw new DockerRefusal(
                        500, "could not select device driver \"" + driver + "\" with capabilities: [[gpu]]");
            }
            if (computer.gpus().cards().isEmpty()) {
                throw new DockerRefusal(500, TASK + "initialization error: nvml error: driver not loaded: unknown");
            }
            if (ids.isEmpty() || ids.contains("all") || ids.contains("nvidia.com/gpu=all")) {
                computer.gpus().cards().forEach(card -> given.add(card.uuid()));
            }
            for (String id : ids) {
                String name = id.replaceFirst("^nvidia\\.com/gpu=", "");
                if (!name.equals("all")) {
                    given.add(computer.gpus()
                            .find(name)
                            .map(GpuRack.Card::uuid)
                            .orElseThrow(() -> new DockerRefusal(
                                    500,
                                    cdi
                                            ? "CDI device injection failed: unresolvable CDI devices " + id
                                            : TASK + "device error: " + id + ": unknown device: unknown")));
                }
            }
        }
        return given;
    }
}
