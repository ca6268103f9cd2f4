package dev.rackhouse.inference.deploy;

import dev.rackhouse.inference.GpuReading;
import dev.rackhouse.inference.LaunchSpec;
import dev.rackhouse.inference.NvidiaSmi;
import dev.rackhouse.runbook.Answer;
import dev.rackhouse.runbook.Judgement;
import dev.rackhouse.runbook.NamedCondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** What places, images and containers must be like when something is deployed. Pure. */
@Configuration(proxyBeanMethods = false)
class DeployConditions {

    static final String GPUS_HANDED_OUT = "docker-hands-out-gpus";
    static final String PLACE_FREE = "container-place-is-free";
    static final String AS_PLANNED = "container-is-as-planned";
    static final String TAKES_MODEL = "image-takes-model";
    static final String GPU_ROOM = "gpus-have-room";
    static final String DISK_ROOM = "disk-has-room";
    static final String FILES_UNSHARED = "model-files-unshared";

    @Bean
    NamedCondition dockerHandsOutGpus() {
        return NamedCondition.of(GPUS_HANDED_OUT, DeployConditions::handsOutGpus);
    }

    @Bean
    NamedCondition containerPlaceIsFree() {
        return NamedCondition.of(PLACE_FREE, DeployConditions::placeIsFree);
    }

    @Bean
    NamedCondition containerIsAsPlanned() {
        return NamedCondition.of(AS_PLANNED, DeployConditions::asPlanned);
    }

    @Bean
    NamedCondition imageTakesModel() {
        return NamedCondition.of(TAKES_MODEL, DeployConditions::takesModel);
    }

    @Bean
    NamedCondition gpusHaveRoom() {
        return NamedCondition.of(GPU_ROOM, DeployConditions::gpusHaveRoom);
    }

    @Bean
    NamedCondition diskHasRoom() {
        return NamedCondition.of(DISK_ROOM, DeployConditions::diskHasRoom);
    }

    @Bean
    NamedCondition modelFilesUnshared() {
        return NamedCondition.of(FILES_UNSHARED, DeployConditions::filesUnshared);
    }

    /** For tests outside of a context. */
    static List<NamedCondition> all() {
        DeployConditions beans = new DeployConditions();
        return List.of(
                beans.dockerHandsOutGpus(),
                beans.containerPlaceIsFree(),
                beans.containerIsAsPlanned(),
                beans.imageTakesModel(),
                beans.gpusHaveRoom(),
                beans.diskHasRoom(),
                beans.modelFilesUnshared());
    }

    /** Docker's {@code /info}: NVIDIA's runtime is registered, or CDI devices were discovered (Docker 28.2 and later say so). */
    static boolean handsOutGpus(Answer info) {
        boolean discovered = false;
        for (JsonNode device : info.at("/DiscoveredDevices").map(List::of).orElse(List.of()).stream()
                .flatMap(list -> list.valueStream())
                .toList()) {
            discovered |= device.path("ID").asString("").startsWith("nvidia.com/gpu");
        }
        return discovered || info.at("/Runtimes/nvidia").isPresent();
    }

    private static Judgement handsOutGpus(Map<String, String> arguments, Answer answer) {
        if (!answer.succeeded() || answer.json().isEmpty()) {
            return Judgement.unknown("Docker answered " + answer.status());
        }
        return Judgement.of(
                handsOutGpus(answer),
                handsOutGpus(answer)
                        ? "Docker " + answer.textAt("/ServerVersion").orElse("") + " hands out GPUs"
                        : "Docker knows neither NVIDIA's runtime nor its CDI devices");
    }

    /** The list of all containers: none of another's has the name, and none has the port. */
    private static Judgement placeIsFree(Map<String, String> arguments, Answer answer) {
        JsonNode list = answer.succeeded() ? answer.json().orElse(null) : null;
        if (list == null || !list.isArray()) {
            return Judgement.unknown("Docker answered " + answer.status() + " when it was asked for its containers");
        }
        String container = arguments.getOrDefault("container", "");
        String port = arguments.getOrDefault("port", "");
        for (JsonNode row : list) {
            List<String> names = row.path("Names")
                    .valueStream()
                    .map(name -> name.asString("").replaceFirst("^/", ""))
                    .toList();
            String label = row.path("Labels").path(LaunchSpec.DEPLOYMENT_LABEL).asString("");
            if (names.contains(container)) {
                if (!label.equals(container)) {
                    return Judgement.fails("a container named " + container + " is there that is not ours");
                }
            } else if (row.path("Ports")
                    .valueStream()
                    .anyMatch(p -> p.path("PublicPort").asString("").equals(port))) {
                return Judgement.fails("the container " + String.join(", ", names) + " has port " + port);
            }
        }
        return Judgement.holds("the name " + container + " and port " + port + " are free, or its own");
    }

    private static Judgement asPlanned(Map<String, String> arguments, Answer answer) {
        if (answer.saysAbsent()) {
            return Judgement.fails("there is no such container");
        }
        SeenContainer seen =
                answer.succeeded() ? SeenContainer.parse(answer.text()).orElse(null) : null;
        if (seen == null) {
            return Judgement.unknown(
                    "Docker answered " + answer.status() + " and nothing that tells about a container");
        }
        List<String> wrong = new ArrayList<>();
        differs(wrong, "label", arguments.getOrDefault("deployment", ""), seen.deployment());
        differs(wrong, "image", arguments.getOrDefault("image", ""), seen.image());
        differs(wrong, "arguments", arguments.getOrDefault("command", ""), String.join("\n", seen.command()));
        differs(
                wrong,
                "GPUs",
                new TreeSet<>(words(arguments.getOrDefault("gpus", ""))).toString(),
                new TreeSet<>(seen.gpus()).toString());
        arguments
                .getOrDefault("settings", "")
                .lines()
                .filter(setting -> !seen.variables().contains(setting))
                .forEach(setting -> wrong.add(setting + " is not among its variables"));
        if (!seen.hostPorts().stream().map(String::valueOf).toList().contains(arguments.getOrDefault("port", ""))) {
            wrong.add("its ports are " + seen.hostPorts());
        }
        return wrong.isEmpty()
                ? Judgement.holds("the container is as planned, and " + seen.status())
                : Judgement.fails(String.join("; ", wrong));
    }

    private static void differs(List<String> wrong, String what, String planned, String seen) {
        if (!planned.equals(seen)) {
            wrong.add("its " + what + (what.endsWith("s") ? " are " : " is ")
                    + (seen.isEmpty() ? "empty" : seen.replace('\n', ' ')));
        }
    }

    private static Judgement takesModel(Map<String, String> arguments, Answer answer) {
        if (!answer.succeeded()) {
            return answer.saysAbsent()
                    ? Judgement.fails("the image is not there")
                    : Judgement.unknown("Docker answered " + answer.status());
        }
        List<String> entrypoint = entrypoint(answer);
        VllmFlags.Style wanted = arguments.getOrDefault("positional", "true").equals("true")
                ? VllmFlags.Style.POSITIONAL
                : VllmFlags.Style.NAMED;
        String line = String.join(" ", entrypoint);
        return VllmFlags.style(entrypoint)
                .map(style -> Judgement.of(
                        style == wanted,
                        style == wanted
                                ? "its entry point is " + line
                                : "its entry point is " + line
                                        + (style == VllmFlags.Style.NAMED
                                                ? ", which takes the model by --model: look at the place again, now that the image is there"
                                                : ", which takes the model in the first place")))
                .orElseGet(() -> Judgement.fails("its entry point is none of vLLM's: " + line));
    }

    /** {@code Config.Entrypoint} of an image's inspection; some images have none and start by {@code Cmd}. */
    static List<String> entrypoint(Answer image) {
        for (String pointer : List.of("/Config/Entrypoint", "/Config/Cmd")) {
            List<String> words = image.at(pointer).filter(JsonNode::isArray).stream()
                    .flatMap(JsonNode::valueStream)
                    .map(word -> word.asString(""))
                    .toList();
            if (!words.isEmpty()) {
                return words;
            }
        }
        return List.of();
    }

    private static Judgement gpusHaveRoom(Map<String, String> arguments, Answer answer) {
        List<GpuReading> gpus = answer.succeeded()
                ? NvidiaSmi.read(answer.text(), "", Instant.EPOCH).orElse(List.of())
                : List.of();
        if (gpus.isEmpty()) {
            return Judgement.fails("nvidia-smi does not tell about the GPUs (exit code " + answer.status() + ")");
        }
        long needed = number(arguments.getOrDefault("mib", "0"));
        List<String> sentences = new ArrayList<>();
        boolean room = true;
        for (String uuid : words(arguments.getOrDefault("gpus", ""))) {
            GpuReading gpu =
                    gpus.stream().filter(g -> g.uuid().equals(uuid)).findFirst().orElse(null);
            if (gpu == null || gpu.broken()) {
                return Judgement.fails(
                        uuid + (gpu == null ? " is not seen by the driver" : " reports that it is broken"));
            }
            long free = gpu.free() == null ? -1 : gpu.free().bytes() >> 20;
            room &= needed == 0 || free >= needed;
            sentences.add(
                    free < 0 ? gpu.name() + " does not tell what is free" : free + " MiB are free on " + gpu.name());
        }
        return Judgement.of(
                room, String.join(", ", sentences) + (needed == 0 ? "" : "; needed are " + needed + " on each"));
    }

    /**
     * The list of all containers: no other one reads what was loaded, by its mounted {@code directory} and, unless empty, a {@code word}
     * in its command. With {@code running}, the container itself runs.
     */
    private static Judgement filesUnshared(Map<String, String> arguments, Answer answer) {
        JsonNode list = answer.succeeded() ? answer.json().orElse(null) : null;
        if (list == null || !list.isArray()) {
            return Judgement.unknown("Docker answered " + answer.status() + " when it was asked for its containers");
        }
        String container = arguments.getOrDefault("container", "");
        String directory = arguments.getOrDefault("directory", "");
        String word = arguments.getOrDefault("word", "");
        boolean runs = false;
        for (JsonNode row : list) {
            String name = row.path("Names").path(0).asString("").replaceFirst("^/", "");
            boolean reads = row.path("Mounts")
                            .valueStream()
                            .anyMatch(mount -> mount.path("Source").asString("").equals(directory))
                    && row.path("Command").asString("").contains(word);
            if (name.equals(container)) {
                runs = row.path("State").asString("").equals("running");
            } else if (reads) {
                return Judgement.fails("the container " + name + " reads it, too");
            }
        }
        return runs || !arguments.containsKey("running")
                ? Judgement.holds("nobody else reads it")
                : Judgement.fails("the container " + container + " does not run");
    }

    private static Judgement diskHasRoom(Map<String, String> arguments, Answer answer) {
        long needed = number(arguments.getOrDefault("mib", "0"));
        String text = answer.text().strip();
        if (!answer.succeeded() || !text.matches("\\d{1,15}")) {
            return Judgement.unknown("how much is free on the disk could not be read");
        }
        long free = Long.parseLong(text) >> 10;
        return Judgement.of(free >= needed, free + " MiB are free on the disk, needed are " + needed);
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split(" ")).filter(w -> !w.isEmpty()).toList();
    }

    private static long number(String text) {
        return text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
    }
}
