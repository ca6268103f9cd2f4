package dev.rackhouse.rehearsal;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The pretend labs as a process of their own, as anybody starts them with {@code ./rackhouse simulator}. */
public final class PretendLabs implements AutoCloseable {

    private static final String MAIN = "dev.rackhouse.simulator.SimulatorMain";

    private final ChildJvm process;
    private final JsonNode ready;
    private final Path folder;

    private PretendLabs(ChildJvm process, JsonNode ready, Path folder) {
        this.process = process;
        this.ready = ready;
        this.folder = folder;
    }

    /**
     * Starts them and waits until they answer.
     *
     * @param folder for keys, certificates, {@code labs.yaml} and the log
     * @param arguments as on the command line: names of labs, {@code --nodes N}, {@code --speed X}, {@code --openid}
     */
    public static PretendLabs start(Path folder, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--dir", folder.toString(), "--port-base", "0"));
        ChildJvm process =
                ChildJvm.start("pretend-labs", MAIN, List.of("-Xmx1g", "-XX:+UseSerialGC"), all, Map.of(), folder);
        String line = process.awaitLine(text -> text.startsWith("READY "), Duration.ofSeconds(90));
        return new PretendLabs(process, JsonMapper.shared().readTree(line.substring(6)), folder);
    }

    /** What they said about themselves when they were ready. */
    public JsonNode ready() {
        return ready;
    }

    /** Declares all started labs to a console. */
    public Path labsFile() {
        return folder.resolve("labs.yaml");
    }

    /** The Proxmox side's control page of one lab: its counters, digest, clock and faults. */
    public Control control(String lab) {
        String address = ready.path("labs").path(lab).path("control").asString("");
        if (address.isEmpty()) {
            throw new IllegalArgumentException("No lab " + lab + " with a Proxmox side was started");
        }
        return new Control(URI.create(address));
    }

    /** The control pages of all labs with a Proxmox side. */
    public List<Control> controls() {
        return ready.path("labs").properties().stream()
                .filter(lab -> lab.getValue().has("control"))
                .map(lab -> control(lab.getKey()))
                .toList();
    }

    @Override
    public void close() {
        process.close();
    }
}
