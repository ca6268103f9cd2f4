package dev.rackhouse.simulator.host;

import dev.rackhouse.simulator.host.CommandDoor.Answer;
import dev.rackhouse.simulator.serving.Container;
import dev.rackhouse.simulator.serving.DockerDaemon;
import dev.rackhouse.simulator.serving.DockerRefusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code docker run} and {@code docker create}. Containers in the background are the daemon's; of those in the foreground only what a
 * check needs: the image is there, the cards can be injected, the program is in it.
 */
final class DockerRun {
    private static final List<String> SWITCHES =
            List.of("--rm", "-d", "--detach", "-i", "-t", "-it", "--privileged", "--read-only", "--init");

    private final Box box;
    private final DockerDaemon daemon;
    private final GpuDriver driver;
    private final NvidiaSmi smi;
    private final Pace pace;
    private final Function<String, Answer> pull;

    DockerRun(Box box, DockerDaemon daemon, GpuDriver driver, NvidiaSmi smi, Pace pace, Function<String, Answer> pull) {
        this.box = box;
        this.daemon = daemon;
        this.driver = driver;
        this.smi = smi;
        this.pace = pace;
        this.pull = pull;
    }

    Answer run(List<String> words, JsonNode running, boolean onlyCreate) throws DockerRefusal {
        List<String[]> options = new ArrayList<>();
        int i = 0;
        for (; i < words.size() && words.get(i).startsWith("-"); i++) {
            String word = words.get(i);
            String name = word.startsWith("--") && word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
            String value = !name.equals(word)
                    ? word.substring(word.indexOf('=') + 1)
                    : SWITCHES.contains(name) || i + 1 >= words.size() ? "" : words.get(++i);
            options.add(new String[] {name, value});
        }
        if (i >= words.size()) {
            return Answer.failed(1, "docker: 'docker run' requires at least 1 argument\n");
        }
        String image = words.get(i);
        List<String> command = words.subList(i + 1, words.size());
        if (daemon.imageId(image).isEmpty()) {
            Answer pulled = pull.apply(image);
            if (pulled.code() != 0) {
                return new Answer(
                        125, "", "Unable to find image '" + tagged(image) + "' locally\ndocker: " + pulled.err());
            }
        }
        boolean background = onlyCreate
                || options.stream().anyMatch(one -> List.of("-d", "--detach").contains(one[0]));
        return background ? background(options, image, command, onlyCreate) : foreground(options, command, running);
    }

    private Answer background(List<String[]> options, String image, List<String> command, boolean onlyCreate)
            throws DockerRefusal {
        String name = options.stream()
                .filter(one -> one[0].equals("--name"))
                .map(one -> one[1])
                .findFirst()
                .orElse("gallant_" + Long.toHexString(System.nanoTime() & 0xffffff));
        Container made = daemon.create(name, body(options, image, command));
        if (!onlyCreate) {
            try {
                daemon.start(made);
            } catch (DockerRefusal refused) {
                return new Answer(
                        125, made.id() + "\n", "docker: Error response from daemon: " + refused.sentence() + "\n");
            }
        }
        return Answer.ok(made.id() + "\n");
    }

    /** The words as the Engine API would have them. */
    private static JsonNode body(List<String[]> options, String image, List<String> command) {
        List<String> environment = new ArrayList<>();
        List<String> binds = new ArrayList<>();
        Map<String, Object> labels = new LinkedHashMap<>();
        Map<String, Object> ports = new LinkedHashMap<>();
        List<Object> devices = new ArrayList<>();
        Map<String, Object> host = new LinkedHashMap<>();
        for (String[] option : options) {
            String value = option[1];
            switch (option[0]) {
                case "-e", "--env" -> environment.add(value);
                case "-v", "--volume" -> binds.add(value);
                case "-l", "--label" ->
                    labels.put(
                            value.replaceFirst("=.*", ""),
                            value.contains("=") ? value.replaceFirst("^[^=]*=", "") : "");
                case "-p", "--publish" -> {
                    String[] parts = value.split(":");
                    ports.put(
                            parts[parts.length - 1].replace("/tcp", "") + "/tcp",
                            List.of(Map.of("HostIp", "", "HostPort", parts.length < 2 ? "" : parts[parts.length - 2])));
                }
                case "--gpus" ->
                    devices.add(Map.of(
                            "Driver",
                            "",
                            "DeviceIDs",
                            value.contains("device=")
                                    ? List.of(value.replace("\"", "")
                                            .replaceFirst(".*device=", "")
                                            .split(","))
                                    : List.of(),
                            "Capabilities",
                            List.of(List.of("gpu"))));
                case "--device" ->
                    devices.add(Map.of("Driver", "cdi", "DeviceIDs", List.of(value), "Capabilities", List.of()));
                case "--ipc" -> host.put("IpcMode", value);
                case "--shm-size" -> host.put("ShmSize", bytes(value));
                case "--restart" -> host.put("RestartPolicy", Map.of("Name", value, "MaximumRetryCount", 0));
                default -> {}
            }
        }
        host.put("Binds", binds);
        host.put("PortBindings", ports);
        host.put("DeviceRequests", devices);
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("Image", image);
        all.put("Cmd", command);
        all.put("Env", environment);
        all.put("Labels", labels);
        all.put("HostConfig", host);
        return JsonMapper.shared().valueToTree(all);
    }

    private static long bytes(String size) {
        String digits = size.replaceAll("\\D", "");
        long number = digits.isEmpty() ? 0 : Long.parseLong(digits);
        return size.matches(".*[gG].*") ? number << 30 : size.matches(".*[mM].*") ? number << 20 : number;
    }

    private Answer foreground(List<String[]> options, List<String> command, JsonNode running) {
        boolean injected = false;
        for (String[] option : options) {
            String device = option[0].equals("--device") ? option[1] : "";
            if (device.startsWith("nvidia.com/gpu=")) {
                String refusal = refusal(device, running);
                if (!refusal.isEmpty()) {
                    return Answer.failed(125, "docker: Error response from daemon: " + refusal + "\n");
                }
                injected = true;
            }
            if (option[0].equals("--gpus") && !option[1].isEmpty()) {
                if (!box.tree().exists("/usr/sbin/nvidia-container-runtime")) {
                    return Answer.failed(
                            125,
                            "docker: Error response from daemon: could not select device driver \"\" with capabilities: [[gpu]]\n");
                }
                injected = true;
            }
        }
        pace.sleepSeconds(1);
        String program = command.isEmpty() ? "" : command.getFirst();
        if (program.equals("nvidia-smi") && injected && driver.loaded()) {
            return smi.run(command.subList(1, command.size()));
        }
        if (program.equals("true") || command.isEmpty()) {
            return Answer.ok("");
        }
        return Answer.failed(
                127,
                "docker: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime"
                        + " create failed: runc create failed: unable to start container process: error during container init:"
                        + " exec: \"" + program + "\": executable file not found in $PATH\n");
    }

    /** Why a CDI device cannot be given to a container; empty: it can. */
    private String refusal(String device, JsonNode running) {
        if (!cdi(running)) {
            return "could not select device driver \"cdi\" with capabilities: []";
        }
        String spec = box.tree().read(NvidiaCtk.SPECIFICATION).orElse("");
        return spec.contains("name: " + quoted(device.substring(device.indexOf('=') + 1)))
                ? ""
                : "CDI device injection failed: unresolvable CDI devices " + device;
    }

    static boolean cdi(JsonNode running) {
        return running.path("features").path("cdi").asBoolean(false);
    }

    private static String quoted(String name) {
        return name.matches("\\d+") ? "\"" + name + "\"" : name;
    }

    static String tagged(String image) {
        return image.substring(image.lastIndexOf('/') + 1).contains(":") ? image : image + ":latest";
    }
}
