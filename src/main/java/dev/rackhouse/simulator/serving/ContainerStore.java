package dev.rackhouse.simulator.serving;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where the containers of a computer lie on its disk: a folder each, with what it was made of, and a file {@code up} as long as it is
 * meant to run, by which the daemon knows after a reboot. Guarded by its daemon.
 */
final class ContainerStore {
    private static final String FOLDER = "/var/lib/docker/containers";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Computer computer;

    ContainerStore(Computer computer) {
        this.computer = computer;
    }

    void write(Container container) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("Name", "/" + container.name);
        text.put("Body", container.body);
        computer.write(folder(container) + "/config.v2.json", JSON.writeValueAsString(text) + "\n");
    }

    void up(Container container, boolean meant) {
        if (meant) {
            computer.write(folder(container) + "/up", "");
        } else {
            computer.delete(folder(container) + "/up");
        }
    }

    boolean up(Container container) {
        return computer.names(folder(container)).contains("up");
    }

    void delete(Container container) {
        computer.delete(folder(container));
    }

    /** What lies on the disk, as containers that do not run; those that are known already are kept as they are. */
    Map<String, Container> read(Map<String, Container> known) {
        Map<String, Container> all = new LinkedHashMap<>();
        for (String id : computer.names(FOLDER)) {
            computer.read(FOLDER + "/" + id + "/config.v2.json").ifPresent(text -> {
                JsonNode config = JSON.readTree(text);
                String name = config.path("Name").asString("").replaceFirst("^/", "");
                Container there = known.get(id);
                all.put(id, there != null ? there : new Container(id, name, config.path("Body"), Instant.now()));
            });
        }
        return all;
    }

    private static String folder(Container container) {
        return FOLDER + "/" + container.id;
    }
}
